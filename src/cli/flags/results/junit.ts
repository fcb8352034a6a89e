// `--junit`: one file for CI systems, of all runs.
import { filePath } from '../parse.ts'
import { defineFlag } from '../flag.ts'

export const junit = defineFlag<string | undefined>({
  flag: '--junit <file>',
  text: 'write one JUnit file of all runs',
  commands: ['run'],
  parse: filePath,
  default: undefined,
  repeat: 'never',
  write: (file) => (file === undefined ? [] : [file]),
})
