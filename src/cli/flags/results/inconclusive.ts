// `--inconclusive`: what a run that decided nothing says to the shell. Verdicts stay what they are.
import { InvalidArgumentError } from 'commander'
import { defineFlag } from '../flag.ts'

export type InconclusiveAs = 'pass' | 'fail' | undefined

export const inconclusive = defineFlag<InconclusiveAs>({
  flag: '--inconclusive <pass|fail>',
  text: 'exit with 0 or 1 in place of 2; the exit code alone, the verdict stays inconclusive',
  commands: ['run', 'judge'],
  parse(text) {
    if (text === 'pass' || text === 'fail') return text
    throw new InvalidArgumentError('give pass or fail')
  },
  default: undefined,
  repeat: 'never',
  write: (value) => (value === undefined ? [] : [value]),
})
