// `--simulate`: on the simulated stage, in place of processes and sockets.
import { GatecrashError } from '../../kernel/errors.ts'
import { refusalOf } from '../../simulation/refusals.ts'
import { defineFlag } from './flag.ts'

export const simulate = defineFlag<boolean>({
  flag: '--simulate',
  text: 'play on a virtual clock, in seconds; what cannot be simulated is refused',
  commands: ['run'],
  default: false,
  repeat: 'changed',
  *check(_isSimulated, { gateway, plans, simulated }) {
    if (!simulated) return
    if (gateway.kind !== 'reference')
      yield new GatecrashError(
        'invalid_scenario',
        '--simulate: only the reference gateway can be simulated; the code of another one is run live',
      )
    for (const plan of plans.slice(0, 1)) yield* refusalOf(plan, simulated)
  },
})
