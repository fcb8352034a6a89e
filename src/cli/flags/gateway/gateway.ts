// `--gateway`: the gateway under test.
import { InvalidArgumentError } from 'commander'
import { GatecrashError } from '../../../kernel/errors.ts'
import type { GatewayChoice } from '../../../stage/live/gateway/gateway-process.ts'
import { refuseUnreachable } from '../../../stage/live/faults/injection.ts'
import { defineFlag } from '../flag.ts'

export const gateway = defineFlag<GatewayChoice>({
  flag: '--gateway <command|url>',
  text: 'your gateway in place of the reference one: a command, or the URL of a running one',
  commands: ['run', 'show'],
  parse: gatewayChoice,
  default: { kind: 'reference' },
  repeat: 'changed',
  write: (choice) => (choice.kind === 'reference' ? [] : [choice.kind === 'url' ? choice.url : choice.command]),
  plan: (choice) => (choice.kind === 'reference' ? {} : { isForeign: true }),
  stage: (choice) => ({ gateway: choice }),
  *check(choice, { plans }) {
    for (const { faults } of plans)
      try {
        refuseUnreachable(faults, choice)
      } catch (error) {
        if (!(error instanceof GatecrashError)) throw error
        yield error
      }
  },
})

/** A URL is a gateway that is running; anything else is a command that starts one. */
function gatewayChoice(text: string): GatewayChoice {
  if (text.trim() === '') throw new InvalidArgumentError('give a command or a URL')
  if (!/^https?:\/\//.test(text)) return { kind: 'command', command: text }
  if (!URL.canParse(text)) throw new InvalidArgumentError('not a URL that can be read')
  const { pathname, search } = new URL(text)
  if (pathname !== '/' || search !== '')
    throw new InvalidArgumentError('give the URL without a path: requests go to /{upstream}/… below its root')
  return { kind: 'url', url: text }
}
