// `--out`: where bundles are written and looked for.
import { InvalidArgumentError } from 'commander'
import { defineFlag } from '../flag.ts'

export const out = defineFlag<string>({
  flag: '--out <folder>',
  text: 'the folder of run bundles',
  commands: ['run', 'list', 'compare', 'doctor', 'tune', 'calibrate'],
  parse(text) {
    if (text.trim() === '') throw new InvalidArgumentError('give the name of a folder')
    return text
  },
  default: 'reports',
  repeat: 'changed',
})
