// `--space`: many ranges in one file, as `--set` takes them one by one.
import type { Overrides } from '../../../scenario/planning/plan-gateway.ts'
import { defineFlag } from '../flag.ts'
import { settingsIn } from '../gateway/settings.ts'

export const space = defineFlag<Overrides>({
  flag: '--space <file>',
  text: 'a JSON file of settings and ranges, such as {"gemini": {"breaker": {"failures": "3..20"}}}',
  commands: ['tune'],
  repeatable: true,
  parse: (file, sofar) => ({ ...sofar, ...settingsIn(file) }),
  default: {},
  // What it holds is repeated as `--set`.
  repeat: 'never',
  write: () => [],
})
