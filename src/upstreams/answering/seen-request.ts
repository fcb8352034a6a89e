// A request as its route sees it, and whether the route has looked at what two requests of one question do not share.
import type { IncomingHttpHeaders } from 'node:http'
import type { Random, Sfc32 } from '../../kernel/random.ts'
import type { UpstreamRequest } from '../define.ts'
import { type Asked, type Look, parsed } from './asked.ts'

/** The random numbers of the request with this ordinal. */
export type RandomOf = (ordinal: number) => Sfc32

// A route is the user's own code: it may spread the request, or take `json` out of it. So all are own properties, and getters, which
// are dear, are none of them.
export class SeenRequest implements UpstreamRequest {
  readonly method: string
  readonly path: string
  readonly params: Record<string, string>
  readonly query: URLSearchParams
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
  readonly json: () => unknown
  readonly random: Random

  constructor({ method, path, query, params, body, headersOf, look }: Asked, request: string, ordinal: number, randomOf: RandomOf) {
    this.method = method
    this.path = path
    // A route is the user's own code, and may change what it is given.
    this.params = { ...params }
    this.query = query === '' ? emptyQuery() : new URLSearchParams(query)
    const headers = headersOf(request)
    this.headers = look.isParticular ? headers : new Proxy(headers, new WatchedHeaders(look))
    this.body = body
    this.json = readOnce(body)
    this.random = new SeenRandom(ordinal, randomOf, look)
  }
}

let empty = new URLSearchParams()

/** Most requests have no query, and share one that nothing was added to. */
function emptyQuery(): URLSearchParams {
  if (empty.size > 0) empty = new URLSearchParams()
  return empty
}

// A function that is written where it is assigned to a property is made among the engine's old objects: it is taken to live long.
function readOnce(body: Buffer): () => unknown {
  let json: { value: unknown } | undefined
  return () => (json ??= { value: parsed(body) }).value
}

class WatchedHeaders implements ProxyHandler<IncomingHttpHeaders> {
  readonly #look: Look

  constructor(look: Look) {
    this.#look = look
  }

  get(headers: IncomingHttpHeaders, name: string): unknown {
    this.#look.isParticular = true
    return headers[name]
  }

  has(headers: IncomingHttpHeaders, name: string): boolean {
    this.#look.isParticular = true
    return name in headers
  }

  ownKeys(headers: IncomingHttpHeaders): (string | symbol)[] {
    this.#look.isParticular = true
    return Reflect.ownKeys(headers)
  }

  getOwnPropertyDescriptor(headers: IncomingHttpHeaders, name: string): PropertyDescriptor | undefined {
    this.#look.isParticular = true
    return Reflect.getOwnPropertyDescriptor(headers, name)
  }
}

/** Seeded when it is first drawn from: most routes never do. A route may take a method out of it. */
class SeenRandom implements Random {
  readonly #ordinal: number
  readonly #randomOf: RandomOf
  readonly #look: Look
  #seeded: Sfc32 | undefined

  constructor(ordinal: number, randomOf: RandomOf, look: Look) {
    this.#ordinal = ordinal
    this.#randomOf = randomOf
    this.#look = look
  }

  get next(): Random['next'] {
    return () => this.#random.next()
  }

  get integer(): Random['integer'] {
    return (bound) => this.#random.integer(bound)
  }

  get exponential(): Random['exponential'] {
    return (mean) => this.#random.exponential(mean)
  }

  get normal(): Random['normal'] {
    return () => this.#random.normal()
  }

  get stream(): Random['stream'] {
    return (name) => this.#random.stream(name)
  }

  get #random(): Sfc32 {
    this.#look.isParticular = true
    return (this.#seeded ??= this.#randomOf(this.#ordinal))
  }
}
