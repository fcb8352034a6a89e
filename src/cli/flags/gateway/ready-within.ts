// `--ready-within`: how long the gateway may take to get ready.
import type { Ms } from '../../../kernel/clock.ts'
import { defineFlag } from '../flag.ts'
import { duration } from '../parse.ts'

export const readyWithin = defineFlag<Ms>({
  flag: '--ready-within <span>',
  text: 'how long it may take',
  commands: ['run'],
  parse: duration,
  default: 15_000,
  repeat: 'changed',
  write: (ms) => [`${ms}ms`],
  stage: (readyWithinMs) => ({ readyWithinMs }),
})
