// `--upstream`: which upstream a story about any upstream is about.
import { defineFlag } from './flag.ts'

export const upstream = defineFlag<string | undefined>({
  flag: '--upstream <name>',
  text: 'the upstream that a story about any upstream, such as generic-outage, is about; else the first one',
  commands: ['run', 'show', 'tune'],
  parse: (text) => text,
  default: undefined,
  repeat: 'changed',
  write: (name) => (name === undefined ? [] : [name]),
  plan: (name) => (name === undefined ? {} : { upstream: name }),
})
