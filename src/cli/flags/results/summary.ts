// `--summary`: one page of Markdown for people, of all runs.
import { filePath } from '../parse.ts'
import { defineFlag } from '../flag.ts'

export const summary = defineFlag<string | undefined>({
  flag: '--summary <file>',
  text: 'write a summary of all runs in Markdown',
  commands: ['run'],
  parse: filePath,
  default: undefined,
  repeat: 'never',
  write: (file) => (file === undefined ? [] : [file]),
})
