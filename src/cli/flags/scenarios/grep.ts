// `--grep`: scenarios by what their names and stories say.
import { InvalidArgumentError } from 'commander'
import { defineFlag } from '../flag.ts'

export const grep = defineFlag<RegExp | undefined>({
  flag: '--grep <pattern>',
  text: 'only scenarios whose name or story this regular expression matches, in capital letters or small ones',
  commands: ['run', 'list'],
  parse(text) {
    try {
      return new RegExp(text, 'iu')
    } catch (cause) {
      throw new InvalidArgumentError(`no regular expression: ${(cause as Error).message}`)
    }
  },
  default: undefined,
  repeat: 'never',
  write: (pattern) => (pattern === undefined ? [] : [pattern.source]),
})
