// `--trials`: how many trials a tuning takes. The same number gives the same result, whatever the number of workers.
import { defineFlag } from '../flag.ts'
import { integer } from '../parse.ts'

export const trials = defineFlag<number | undefined>({
  flag: '--trials <n>',
  text: 'trials in all, in place of a time; the same number gives the same result',
  commands: ['tune'],
  parse: integer(1, 1_000_000),
  default: undefined,
  repeat: 'changed',
  write: (value) => (value === undefined ? [] : [String(value)]),
})
