// `--system`: scenarios of a system, which one of their tags names.
import { InvalidArgumentError } from 'commander'
import { defineFlag } from '../flag.ts'

export const system = defineFlag<readonly string[]>({
  flag: '--system <name>',
  text: 'only scenarios tagged with this system, such as podcast-production; what the name begins with is enough: podcast',
  commands: ['run', 'list'],
  repeatable: true,
  parse(text, sofar) {
    if (text.trim() === '') throw new InvalidArgumentError('give the name of a system, such as podcast')
    return [...sofar, text]
  },
  default: [],
  repeat: 'never',
  write: (names) => [...names],
})
