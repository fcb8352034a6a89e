// Composes the request of an arrival. Headers and bodies are prepared once per route, not once per request.
import { IDEMPOTENCY_KEY, REQUEST_ID } from '../../../contract/headers.ts'
import { requestId } from '../../../evidence/request-id.ts'
import type { Arrival } from '../../../plan/arrivals.ts'
import { marksIn } from '../../../faults/probe-mark.ts'
import { contentType, requestBody } from '../../../plan/request-body.ts'
import type { Identity, PlannedLoad, PlannedRoute } from '../../../plan/plan.ts'
import type { WireRequest } from './wire.ts'

export type Composed = WireRequest & { id: string }

/** Makes the request of each arrival of `load`, with ids that start with `run`. */
export function composer(load: Pick<PlannedLoad, 'mix'>, run: string): (arrival: Arrival) => Composed {
  const prepared = new Map(load.mix.map((route) => [route, prepare(route)]))
  return ({ index, route, path, body, identity }) => {
    const { headers, keyed, bodies, mark } = prepared.get(route)!
    const id = requestId(run, index, mark)
    const own = keyed ? [IDEMPOTENCY_KEY, id] : []
    return {
      id,
      method: route.method,
      path,
      headers: [REQUEST_ID, id, ...own, ...(identity ? withIdentity(headers, identity) : headers)],
      body: bodies.get(body) ?? null,
      ...(route.sendOverMs !== undefined && { bodyOverMs: route.sendOverMs }),
      ...(route.sendHeadOverMs !== undefined && { headOverMs: route.sendHeadOverMs }),
    }
  }
}

interface Prepared {
  headers: string[]
  /** Whether each request gets an idempotency key of its own. */
  keyed: boolean
  /** Each body of the route as it is sent. */
  bodies: Map<unknown, string>
  /** Of a claim's probe: the mark that the query of its paths ends in. */
  mark: string | undefined
}

function prepare(route: PlannedRoute): Prepared {
  const headers = new Map(Object.entries(route.headers).map(([name, value]) => [name.toLowerCase(), value]))
  const type = contentType(route.headers, route.bodies)
  if (type !== undefined) headers.set('content-type', type)
  const keyed = route.idempotencyKey === true || headers.get(IDEMPOTENCY_KEY) === '{id}'
  if (keyed) headers.delete(IDEMPOTENCY_KEY)
  return {
    headers: [...headers].flat(),
    keyed,
    bodies: new Map(route.bodies.map((body) => [body, requestBody(type ?? '', body) ?? JSON.stringify(body)])),
    mark: markOf(route),
  }
}

/** An identity's headers take the place of the route's own of the same name. */
function withIdentity(headers: readonly string[], identity: Identity): string[] {
  const own = Object.entries(identity.headers).map(([name, value]) => [name.toLowerCase(), value])
  const names = new Set(own.map(([name]) => name))
  const kept = headers.flatMap((name, at) => (at % 2 === 0 && !names.has(name) ? [name, headers[at + 1]!] : []))
  return [...kept, ...own.flat()]
}

function markOf({ probe, paths }: PlannedRoute): string | undefined {
  return probe && marksIn(paths[0]?.split('?')[1] ?? '', '').at(-1)
}
