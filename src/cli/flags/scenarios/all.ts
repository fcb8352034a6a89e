// `--all`: every scenario, one after the other.
import { defineFlag } from '../flag.ts'

export const all = defineFlag<boolean>({
  flag: '--all',
  text: 'run every scenario but those tagged long, one at a time',
  commands: ['run'],
  default: false,
  repeat: 'never',
})
