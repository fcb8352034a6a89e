// `--seed`: the draws of a run.
import { defineFlag } from './flag.ts'
import { integer } from './parse.ts'

export const seed = defineFlag<number>({
  flag: '--seed <n>',
  text: 'decides arrivals, faults and jitter',
  commands: ['run', 'show', 'tune'],
  parse: integer(0),
  default: 42,
  repeat: 'always',
  plan: (value) => ({ seed: value }),
})
