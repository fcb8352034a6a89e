// The load generator as a process of its own: a stall of another process must not delay it, and its own stall must show as lateness.
import type { CarriedAsk } from '../../../criteria/answers/carried.ts'
import type { AnswerAsk } from '../../../criteria/criterion.ts'
import { type Ms, realClock } from '../../../kernel/clock.ts'
import { serveRole } from '../../../kernel/process/role.ts'
import { type Load, type LoadPlan, startLoad } from './generator.ts'
import { lookFor } from './look-for.ts'
import { warmUpSelf } from './warm-up.ts'
import { type Wire, openWire } from './wire.ts'

export interface LoadConfig {
  plan: LoadPlan
  /** What request ids start with, see `requestId`. */
  run: string
  /** What the plan's criteria ask of every answer. */
  asks?: readonly AnswerAsk[]
  /** What they want answers to carry. */
  carried?: readonly CarriedAsk[]
}

export type ToLoad =
  /** `target`: base URL of the gateway. `origin`: monotonic time of load start, best a little ahead. */
  { do: 'begin'; target: string; origin: Ms } | { do: 'halt' }

export type FromLoad = { is: 'done' }

const HALT_GRACE: Ms = 500

serveRole<LoadConfig, null>(async ({ plan, run, asks, carried = [] }, context) => {
  const post = (message: FromLoad): void => context.post(message)
  await warmUpSelf(realClock)
  let wire: Wire | undefined
  let load: Load | undefined
  const begin = (target: string, origin: Ms): void => {
    wire = openWire(target, realClock, new Set(asks))
    load = startLoad(plan, run, origin, { clock: realClock, wire, lookFor: lookFor(carried), write: (event) => context.write(event) })
    void load.done.then(() => post({ is: 'done' }))
  }
  return {
    info: null,
    // Only the conductor speaks on this channel.
    hear(message) {
      const told = message as ToLoad
      if (told.do === 'begin') begin(told.target, told.origin)
      else load?.halt(HALT_GRACE)
    },
    async stop() {
      load?.halt(0)
      await load?.done
      await wire?.close()
    },
  }
})
