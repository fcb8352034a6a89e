// Which upstreams a request was to reach, and what was seen of it at each.
import type { Plan } from '../../../plan/plan.ts'
import type { AttemptEvent } from '../../events.ts'
import type { Attempt, Trace } from '../../trace.ts'

export class ReachedUpstreams {
  readonly #names: readonly string[]
  readonly #reached: readonly (readonly number[])[]

  constructor({ upstreams, load }: Plan) {
    const names = Object.keys(upstreams)
    this.#names = names
    this.#reached = load.mix.map(({ reaches }) => [...new Set(reaches.map(({ upstream }) => names.indexOf(upstream)))])
  }

  /** Places in the plan of the upstreams that the route of a request reaches, tried or not. */
  of({ route }: Trace): readonly number[] {
    return this.#reached[route]!
  }

  /** Those at one of them. Most routes reach one upstream. */
  attempts({ route, attempts }: Trace, place: number): readonly Attempt[] {
    return this.#reached[route]!.length === 1 ? attempts : attempts.filter(({ arrival }) => arrival.upstream === this.#names[place])
  }

  /** Likewise. Most requests have one, at the upstream of their route. */
  heads({ heads }: Trace, place: number): readonly AttemptEvent[] {
    const upstream = this.#names[place]
    for (const head of heads) if (head.upstream !== upstream) return heads.filter((each) => each.upstream === upstream)
    return heads
  }
}
