// `--repeat`: how often each scenario is run.
import { defineFlag } from './flag.ts'
import { integer } from './parse.ts'

export const repeat = defineFlag<number>({
  flag: '--repeat <n>',
  text: 'run each scenario n times; all must pass',
  commands: ['run'],
  parse: integer(1),
  default: 1,
  // A report is about one run.
  repeat: 'never',
})
