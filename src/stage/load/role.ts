// The load generator as a process of its own: a stall elsewhere must not delay it, and its own must show as lateness.
import { type Ms, realClock } from '../../kernel/clock.ts'
import { serveRole } from '../../kernel/role.ts'
import { type Load, type LoadPlan, type LoadTick, startLoad } from './generator.ts'
import { warmUpSelf } from './warm-up.ts'
import { openWire } from './wire.ts'

export interface LoadConfig {
  plan: LoadPlan
  /** Base URL of the gateway. */
  target: string
  /** What request ids start with, see `requestId`. */
  run: string
}

export type ToLoad =
  /** `origin`: monotonic time of load start, best a little ahead. */
  { do: 'begin'; origin: Ms } | { do: 'halt' }

export type FromLoad = ({ is: 'tick' } & LoadTick) | { is: 'done' }

const GRACE: Ms = 500

serveRole<LoadConfig, null>(async ({ plan, target, run }, context) => {
  const post = (message: FromLoad): void => context.post(message)
  await warmUpSelf(realClock)
  const wire = openWire(target)
  let load: Load | undefined
  const begin = (origin: Ms): void => {
    load = startLoad(plan, run, origin, {
      clock: realClock,
      wire,
      write: (event) => context.write(event),
      onSecond: (tick) => post({ is: 'tick', ...tick }),
    })
    void load.done.then(() => post({ is: 'done' }))
  }
  return {
    info: null,
    // Only the conductor speaks on this channel.
    hear(message) {
      const told = message as ToLoad
      if (told.do === 'begin') begin(told.origin)
      else load?.halt(GRACE)
    },
    async stop() {
      load?.halt(0)
      await load?.done
      await wire.close()
    },
  }
})
