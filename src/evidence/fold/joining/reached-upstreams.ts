// Which upstreams a request was to reach, and what was seen of it at each.
import type { Plan } from '../../../plan/plan.ts'
import type { AttemptEvent } from '../../events.ts'
import type { Attempt, Trace } from '../../trace.ts'

/** A trace as far as one upstream is concerned. */
export interface AtUpstream {
  upstream: string
  /** Its place in the plan. */
  place: number
  attempts: readonly Attempt[]
  heads: readonly AttemptEvent[]
}

export class ReachedUpstreams {
  readonly names: readonly string[]
  readonly #reached: readonly (readonly number[])[]

  constructor({ upstreams, load }: Plan) {
    this.names = Object.keys(upstreams)
    this.#reached = load.mix.map(({ reaches }) => [...new Set(reaches.map(({ upstream }) => this.names.indexOf(upstream)))])
  }

  /** One for each upstream that the route of the request reaches, tried or not. */
  of({ route, attempts, heads }: Trace): AtUpstream[] {
    const places = this.#reached[route]!
    return places.map((place) => {
      const upstream = this.names[place]!
      // Most routes reach one upstream.
      return { upstream, place, attempts: places.length === 1 ? attempts : attemptsAt(upstream, attempts), heads: headsAt(upstream, heads) }
    })
  }
}

const attemptsAt = (upstream: string, attempts: readonly Attempt[]): readonly Attempt[] =>
  attempts.filter(({ arrival }) => arrival.upstream === upstream)

/** Most requests have one, at the upstream of their route. */
function headsAt(upstream: string, heads: readonly AttemptEvent[]): readonly AttemptEvent[] {
  for (const head of heads) if (head.upstream !== upstream) return heads.filter((each) => each.upstream === upstream)
  return heads
}
