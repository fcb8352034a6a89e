// `--json`: the result for programs, beside the text for people.
import { defineFlag } from '../flag.ts'

export const json = defineFlag<boolean>({
  flag: '--json',
  text: 'print JSON on standard output: of a run its verdict, of a plan all of it, of a list each scenario, of two runs how they differ, of a tuning what it found',
  commands: ['run', 'show', 'list', 'judge', 'compare', 'tune'],
  default: false,
  repeat: 'never',
})
