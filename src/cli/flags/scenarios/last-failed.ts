// `--last-failed`: what did not pass when it was last run.
import { defineFlag } from '../flag.ts'

export const lastFailed = defineFlag<boolean>({
  flag: '--last-failed',
  text: 'only scenarios whose last run, as it stands in the folder of run bundles, did not pass',
  commands: ['run'],
  default: false,
  repeat: 'never',
})
