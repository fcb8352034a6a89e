// `--toxiproxy`: which Toxiproxy server the faults are made with.
import { defineFlag } from './flag.ts'

export const toxiproxy = defineFlag<string>({
  flag: '--toxiproxy <which>',
  text: 'embedded, binary, docker, auto, or the URL of a running server',
  commands: ['run', 'tune'],
  parse: (text) => text,
  default: 'embedded',
  repeat: 'changed',
  stage: (which) => ({ toxiproxy: which }),
})
