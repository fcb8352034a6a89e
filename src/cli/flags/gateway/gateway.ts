// `--gateway`: the gateway under test.
import { InvalidArgumentError } from 'commander'
import { GatecrashError } from '../../../kernel/errors.ts'
import { type GatewayChoice, chosenGateway } from '../../../plan/gateway-choice.ts'
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
    for (const plan of plans)
      try {
        refuseUnreachable(plan, choice)
      } catch (error) {
        if (!(error instanceof GatecrashError)) throw error
        yield error
      }
  },
})

function gatewayChoice(text: string): GatewayChoice {
  const chosen = chosenGateway(text)
  if (typeof chosen === 'string') throw new InvalidArgumentError(chosen)
  return chosen
}
