// `--within`: how long a tuning may search.
import { InvalidArgumentError } from 'commander'
import type { Ms } from '../../../kernel/clock.ts'
import { defineFlag } from '../flag.ts'
import { duration } from '../parse.ts'

export const within = defineFlag<Ms>({
  flag: '--within <span>',
  text: 'how long the search may take, confirmation not included',
  commands: ['tune'],
  parse(text) {
    const ms = duration(text)
    if (ms < 1000) throw new InvalidArgumentError('give a span of at least a second, such as 2m')
    return ms
  },
  default: 120_000,
  repeat: 'changed',
  write: (value) => [`${value / 1000}s`],
})
