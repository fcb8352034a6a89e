// `--workers`: how many threads play trials.
import { availableParallelism } from 'node:os'
import { defineFlag } from '../flag.ts'
import { integer } from '../parse.ts'

export const workers = defineFlag<number | undefined>({
  flag: '--workers <n>',
  text: 'threads that play trials; else one for each processor',
  commands: ['tune'],
  parse: integer(1, 256),
  default: undefined,
  repeat: 'never',
  write: (value) => (value === undefined ? [] : [String(value)]),
})

export const workersOf = (given: number | undefined): number => given ?? availableParallelism()
