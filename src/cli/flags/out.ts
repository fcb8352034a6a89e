// `--out`: where bundles are written and looked for.
import { defineFlag } from './flag.ts'

export const out = defineFlag<string>({
  flag: '--out <folder>',
  text: 'the folder of run bundles',
  commands: ['run', 'list'],
  parse: (text) => text,
  default: 'reports',
  repeat: 'never',
})
