// `--confirm`: how many of the best candidates of a tuning are played live.
import { defineFlag } from '../flag.ts'
import { integer } from '../parse.ts'

export const confirm = defineFlag<number>({
  flag: '--confirm <k>',
  text: 'play the best k candidates live, in every scenario',
  commands: ['tune'],
  parse: integer(0, 20),
  default: 1,
  repeat: 'changed',
})
