// What a crowd that saturates the gateway leaves at the upstreams. Its requests are in no plan and have no line of their own, so what
// arrives for them is kept out of what is counted of the plan's requests.
import type { Ms } from '../../kernel/clock.ts'
import type { Plan } from '../../plan/plan.ts'
import type { Saturated } from '../events/saturation.ts'
import type { ArrivalEvent, DepartureEvent } from '../events.ts'
import { crowdOf, requestIndex } from '../request-id.ts'

export class CrowdTally {
  readonly #phases: Plan['phases']
  readonly #ids: string
  /** Those under way, as `upstream ordinal`, with their phase. */
  readonly #underWay = new Map<string, string | undefined>()
  readonly #refused = new Map<string, number>()

  /** `run`: what request ids of the run start with. */
  constructor({ phases }: Plan, run: string) {
    this.#ids = crowdOf(run)
    this.#phases = phases.filter(({ saturation }) => saturation)
  }

  /** By its id; from a gateway that does not pass ids on, by its time. `isPlanned`: it carries the id of a request of the plan. */
  isIts(request: string, isPlanned: boolean, atMs: Ms): boolean {
    if (isPlanned || this.#phases.length === 0) return false
    return requestIndex(this.#ids, request) >= 0 || this.#phaseAt(atMs) !== undefined
  }

  arrival({ upstream, ordinal }: ArrivalEvent, atMs: Ms): void {
    this.#underWay.set(`${upstream} ${ordinal}`, this.#phaseAt(atMs))
  }

  /** Whether it answers a request of the crowd. */
  departure({ upstream, ordinal, status }: DepartureEvent): boolean {
    if (this.#underWay.size === 0) return false
    const key = `${upstream} ${ordinal}`
    if (!this.#underWay.has(key)) return false
    const phase = this.#underWay.get(key)
    this.#underWay.delete(key)
    if (phase !== undefined && (status === 429 || status === 503)) this.#refused.set(phase, (this.#refused.get(phase) ?? 0) + 1)
    return true
  }

  /** Adds to each phase what the upstreams refused. */
  complete(saturated: readonly Saturated[]): void {
    for (const each of saturated) each.refusedUpstream = this.#refused.get(each.phase) ?? 0
  }

  #phaseAt(atMs: Ms): string | undefined {
    return this.#phases.find(({ startMs, endMs }) => atMs >= startMs && atMs < endMs)?.name
  }
}
