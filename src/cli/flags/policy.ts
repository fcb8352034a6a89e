// `--policy`: which of the scenario's settings the gateway gets.
import { defineFlag } from './flag.ts'

export const policy = defineFlag<string>({
  flag: '--policy <which>',
  text: 'settings of the gateway under test: ci, production, or another that the scenario names',
  commands: ['run', 'show', 'tune'],
  parse: (text) => text,
  default: 'ci',
  repeat: 'changed',
  plan: (settings) => ({ settings }),
})
