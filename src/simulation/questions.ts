// What requests ask: of each way in which a route asks, what the gateway and the fake get of it, prepared once.
import { IDEMPOTENCY_KEY, REQUEST_ID } from '../contract/headers.ts'
import { idempotentMethods } from '../contract/methods.ts'
import type { AnswerCache, CachedRequest } from '../gateway/cache/answer-cache.ts'
import type { KeptResponse } from '../gateway/cache/kept-response.ts'
import { belowFirstSegment, firstSegment, withoutQuery } from '../gateway/request/target.ts'
import type { Arrival } from '../plan/arrivals.ts'
import type { Identity, PlannedRoute } from '../plan/plan.ts'
import { contentType, requestBody } from '../plan/request-body.ts'
import type { ServeRequest } from '../policies/serve.ts'

/** What it is to the policies. */
export interface AskedQuestion extends ServeRequest<KeptResponse> {
  cacheable: CachedRequest | undefined
}

export interface Question {
  /** In the order in which they were first asked, from 0. */
  readonly number: number
  readonly route: PlannedRoute
  /** The upstream that its path names. */
  readonly upstream: string
  /** The breaker that it closes by hand; undefined where it asks an upstream. */
  readonly resets: string | undefined
  readonly method: string
  /** Below the upstream's base URL, with the query; and without it. */
  readonly path: string
  readonly place: string
  readonly body: Buffer
  /** By name in lower case; without the id and the key of a request. */
  readonly headers: Readonly<Record<string, string>>
  /** The same as a request sends them, with empty ones in place of its id and its key. */
  readonly headersToFill: Readonly<Record<string, string>>
  /** Each request has an idempotency key of its own. */
  readonly isKeyed: boolean
  readonly isIdempotent: boolean
  /** As the gateway's policies know it: made when it is first asked. */
  asked: AskedQuestion | undefined
}

/** Finds the question of an arrival. */
export function questions(): (arrival: Arrival) => Question {
  let asked = 0
  const known: Question[] = []
  const heads = new Map<PlannedRoute, Head>()
  const headOf = (route: PlannedRoute, identity: Identity | undefined): Head => {
    if (identity) return headFor(route, identity)
    let head = heads.get(route)
    if (!head) heads.set(route, (head = headFor(route)))
    return head
  }
  return ({ route, path, body, identity, way }) => (known[way] ??= questionOf(asked++, route, path, body, headOf(route, identity)))
}

/** What the questions of one route share, where nobody in particular asks. */
type Head = Pick<Question, 'headers' | 'headersToFill' | 'isKeyed' | 'isIdempotent'>

function headFor(route: PlannedRoute, identity?: Identity): Head {
  const headers = new Map(Object.entries(route.headers).map(([name, value]) => [name.toLowerCase(), value]))
  const type = contentType(route.headers, route.bodies)
  if (type !== undefined) headers.set('content-type', type)
  const isKeyed = route.idempotencyKey === true || headers.get(IDEMPOTENCY_KEY) === '{id}'
  if (isKeyed) headers.delete(IDEMPOTENCY_KEY)
  for (const [name, value] of Object.entries(identity?.headers ?? {})) headers.set(name.toLowerCase(), value)
  const shared = Object.fromEntries(headers)
  return {
    headers: shared,
    headersToFill: { [REQUEST_ID]: '', ...shared, ...(isKeyed && { [IDEMPOTENCY_KEY]: '' }) },
    isKeyed,
    isIdempotent: isKeyed || headers.has(IDEMPOTENCY_KEY) || idempotentMethods.has(route.method),
  }
}

function questionOf(number: number, route: PlannedRoute, path: string, body: unknown, head: Head): Question {
  const { headers, headersToFill, isKeyed, isIdempotent } = head
  const below = belowFirstSegment(path)
  return {
    number,
    route,
    upstream: firstSegment(path) ?? '',
    resets: breakerToReset(route.method, path),
    method: route.method,
    path: below,
    place: withoutQuery(below),
    body: body === undefined ? EMPTY : bodyOf(route, body),
    headers,
    headersToFill,
    isKeyed,
    isIdempotent,
    asked: undefined,
  }
}

function bodyOf({ headers, bodies }: PlannedRoute, body: unknown): Buffer {
  return Buffer.from(requestBody(contentType(headers, bodies) ?? '', body) ?? JSON.stringify(body))
}

const EMPTY = Buffer.alloc(0)

/** Of the admin API (gateway/admin/admin-api.ts). */
const RESET = /^\/api\/v1\/resilience\/circuit-breakers\/([^/?]+)\/reset$/

/** The name of the breaker that a request closes by hand; undefined for any other. */
export function breakerToReset(method: string, path: string): string | undefined {
  return method === 'POST' ? RESET.exec(path)?.[1] : undefined
}

/** Headers of one request, as they are sent. */
export function headersOf({ headers, headersToFill, isKeyed }: Question, id: string): Record<string, string> {
  const filled = { ...headersToFill }
  if (headers[REQUEST_ID] === undefined) filled[REQUEST_ID] = id
  if (isKeyed) filled[IDEMPOTENCY_KEY] = id
  return filled
}

/** The request as the policies of the gateway know it: the same for all that ask the same, unless the cache sees a key in each. */
export function askedOf(question: Question, id: string, cache: AnswerCache | undefined): AskedQuestion {
  if (question.asked && !(question.isKeyed && cache)) return question.asked
  const { method, isIdempotent: idempotent } = question
  return (question.asked = { method, idempotent, replayable: true, cacheable: cache && cachedOf(question, id, cache) })
}

function cachedOf(question: Question, id: string, cache: AnswerCache): CachedRequest {
  const { method, path, body } = question
  const headers: string[] = []
  for (const [name, value] of Object.entries(headersOf(question, id))) headers.push(name, value)
  return cache.request({ method, path, headers, body: body.length === 0 ? undefined : body })
}
