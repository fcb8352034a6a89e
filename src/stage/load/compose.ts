// From an arrival of the plan to the request on the wire. What can be prepared is prepared once per route and body.
import { requestId } from '../../evidence/events.ts'
import type { Arrival } from '../../scenario/arrivals.ts'
import type { PlannedLoad, PlannedRoute } from '../../scenario/plan.ts'
import type { WireRequest } from './wire.ts'

export type Composed = WireRequest & { id: string }

/** Makes the request of each arrival of `load`, with ids that start with `run`. */
export function composer(load: Pick<PlannedLoad, 'mix'>, run: string): (arrival: Arrival) => Composed {
  const headers = new Map(load.mix.map((route) => [route, headersOf(route)]))
  const bodies = new Map(load.mix.flatMap((route) => route.bodies.map((body) => [body, JSON.stringify(body)])))
  return ({ index, route, path, body }) => {
    const id = requestId(run, index)
    const own = (headers.get(route) ?? []).map((part) => (part === '{id}' ? id : part))
    own.push('x-request-id', id)
    return { id, method: route.method, path: `/${route.upstream}${path}`, headers: own, body: bodies.get(body) ?? null }
  }
}

function headersOf(route: PlannedRoute): string[] {
  const named = Object.entries(route.headers)
  const typed = named.some(([name]) => name.toLowerCase() === 'content-type')
  const type = route.bodies.length > 0 && !typed ? ['content-type', 'application/json'] : []
  return [...named.flat(), ...type]
}
