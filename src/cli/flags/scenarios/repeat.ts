// `--repeat`: how often each scenario is run, each time with the next seed.
import { defineFlag } from '../flag.ts'
import { integer } from '../parse.ts'

export const repeat = defineFlag<number>({
  flag: '--repeat <n>',
  text: 'run each scenario n times, with the next seed each time, and judge the runs one by one and together',
  commands: ['run'],
  parse: integer(1),
  default: 1,
  // A report is about one run.
  repeat: 'never',
})
