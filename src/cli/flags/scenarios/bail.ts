// `--bail`: no further runs after one that did not pass.
import { defineFlag } from '../flag.ts'

export const bail = defineFlag<boolean>({
  flag: '--bail',
  text: 'begin no scenario after one that did not pass, and no repeat after one that failed',
  commands: ['run'],
  default: false,
  repeat: 'never',
})
