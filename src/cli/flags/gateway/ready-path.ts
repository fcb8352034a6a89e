// `--ready-path`: where the gateway says that it is ready.
import { InvalidArgumentError } from 'commander'
import { READY_PATH } from '../../../contract/paths.ts'
import { defineFlag } from '../flag.ts'

export const readyPath = defineFlag<string>({
  flag: '--ready-path <path>',
  text: 'answers 2xx when the gateway is ready',
  commands: ['run'],
  parse(text) {
    if (/^\/\S*$/.test(text)) return text
    throw new InvalidArgumentError('give a path that begins with a slash, such as /healthz')
  },
  default: READY_PATH,
  repeat: 'changed',
  stage: (path) => ({ readyPath: path }),
})
