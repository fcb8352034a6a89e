// `--resume`: goes on with the last tuning.
import { defineFlag } from '../flag.ts'

export const resume = defineFlag<boolean>({
  flag: '--resume',
  text: 'go on with the last tuning in the folder of run bundles, which must have been the same',
  commands: ['tune'],
  default: false,
  repeat: 'never',
})
