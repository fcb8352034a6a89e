// `--origin`: where each setting of a plan comes from, in place of the plan.
import { defineFlag } from '../flag.ts'

export const origin = defineFlag<boolean>({
  flag: '--origin',
  text: 'of a plan, say where each setting came from: flag, variable, scenario, config or default',
  commands: ['show'],
  default: false,
  repeat: 'never',
})
