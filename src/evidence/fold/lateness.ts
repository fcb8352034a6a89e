// How late the load sent its requests, by phase.
import type { Plan } from '../../plan/plan.ts'
import type { RequestEvent } from '../events.ts'
import { type Latencies, LatencyTable } from '../latency-histogram.ts'

export class LatenessTally {
  readonly #phases: readonly string[]
  readonly #byPhase = new LatencyTable(3)

  constructor({ phases }: Plan) {
    this.#phases = phases.map(({ name }) => name)
  }

  /** `phase`: its place in the plan. */
  add({ due, sent }: RequestEvent, phase: number): void {
    this.#byPhase.record(phase, sent - due)
  }

  /** By name of the phase; only those in which something was sent. */
  result(): Record<string, Latencies> {
    return Object.fromEntries(this.#byPhase.result().flatMap((latencies, at) => (latencies ? [[this.#phases[at]!, latencies]] : [])))
  }
}
