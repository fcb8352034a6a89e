// The crowd as a process of its own: it takes all the processor time that it can get, which must be told from the gateway's.
import { type Ms, realClock } from '../../../kernel/clock.ts'
import { optionalPackage } from '../../../kernel/modules/optional-package.ts'
import { serveRole } from '../../../kernel/process/role.ts'
import type { LoadPlan } from '../load/generator.ts'
import { playCrowd } from './crowd.ts'

export interface SaturationConfig {
  plan: LoadPlan
  /** What request ids of the run start with. */
  run: string
}

export type ToSaturation =
  /** `target`: base URL of the gateway. `origin`: monotonic time of load start. */
  { do: 'begin'; target: string; origin: Ms } | { do: 'halt' }

serveRole<SaturationConfig, null>(async ({ plan, run }, context) => {
  const { default: autocannon } = await optionalPackage('autocannon', 'phase.saturate', () => import('autocannon'))
  const halted = new AbortController()
  let playing: Promise<void> = Promise.resolve()
  const begin = async (target: string, origin: Ms): Promise<void> => {
    for (const phase of plan.phases) {
      if (!phase.saturation) continue
      const isOn = await realClock.sleep(origin + phase.startMs - realClock.now(), halted.signal).then(
        () => true,
        () => false,
      )
      if (!isOn) return
      const { connections } = phase.saturation
      await playCrowd({
        autocannon,
        clock: realClock,
        plan,
        run,
        phase: phase.name,
        connections,
        target,
        untilMs: origin + phase.endMs,
        signal: halted.signal,
        write: (event) => context.write(event),
      })
    }
  }
  return {
    info: null,
    // Only the conductor speaks on this channel.
    hear(message) {
      const told = message as ToSaturation
      if (told.do === 'begin') playing = begin(told.target, told.origin)
      else halted.abort()
    },
    async stop() {
      halted.abort()
      await playing
    },
  }
})
