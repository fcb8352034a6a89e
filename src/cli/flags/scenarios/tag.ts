// `--tag`: scenarios by their tags.
import { InvalidArgumentError } from 'commander'
import { defineFlag } from '../flag.ts'

export const tag = defineFlag<readonly string[]>({
  flag: '--tag <tag>',
  text: 'only scenarios with this tag',
  commands: ['run', 'list'],
  repeatable: true,
  parse(text, sofar) {
    if (text.trim() === '') throw new InvalidArgumentError('give a tag, such as long')
    return [...sofar, text]
  },
  default: [],
  repeat: 'never',
  write: (tags) => [...tags],
})
