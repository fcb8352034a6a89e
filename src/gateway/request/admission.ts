// Which client requests the gateway takes, and what it notes of each. One for all requests of a gateway.
import type { IncomingMessage } from 'node:http'
import type { Logger } from 'pino'
import type { Clock, Ms } from '../../kernel/clock.ts'
import { KeyedRateLimit } from '../../policies/limits/keyed-rate-limit.ts'
import type { Served } from '../../policies/serve.ts'
import type { ServerSettings } from '../config.ts'
import { INTERNAL_TOKEN } from '../upstream/internal-token.ts'
import type { Upstream } from '../upstream/upstream.ts'
import { droppedHeaders } from './forwarding.ts'
import { LoopDelay } from './loop-delay.ts'
import type { BodyRoom } from './read-body.ts'
import type { Refusal } from './refusal.ts'

/** How a client request ended. */
export interface Ending {
  /** 0 when no head was written. */
  status: number
  outcome: Served<unknown>['outcome']
  /** Why the upstream's own good answer was not given; `none` when it was. */
  reason: Served<unknown>['reason']
  attempts: number
}

const STOPPING: Refusal = { reason: 'stopping', technical: 'the gateway is shutting down' }

export class Admission {
  readonly clock: Clock
  readonly settings: ServerSettings
  readonly #log: Logger
  readonly #clientLimit: KeyedRateLimit | undefined
  readonly #loopDelay: LoopDelay | undefined
  /** Client requests between their head and the end of their answer. */
  inFlight = 0
  /** New requests are refused. */
  stopping = false
  /** What all requests hold of bodies. */
  readonly bodies: BodyRoom
  /** What of a client's headers no upstream gets. */
  readonly droppedHeaders: ReadonlySet<string> | undefined

  constructor(clock: Clock, settings: ServerSettings, log: Logger) {
    this.clock = clock
    this.settings = settings
    this.#log = log
    this.droppedHeaders = droppedHeaders(settings.forwarded, settings.internalToken === undefined ? undefined : INTERNAL_TOKEN)
    this.bodies = { bytes: 0, limit: settings.bodyBudgetBytes }
    this.#loopDelay = settings.maxLoopDelay === undefined ? undefined : new LoopDelay(clock)
    const limit = settings.clientRateLimit
    this.#clientLimit = limit && new KeyedRateLimit({ kind: 'token_bucket', queue: 0, ...limit })
  }

  /** Why this request is not taken; undefined when it is. */
  refusal(request: IncomingMessage): Refusal | undefined {
    if (this.stopping) return STOPPING
    const wait = this.#clientLimit?.tryEnter(this.#clientOf(request), this.clock.now()) ?? 0
    if (wait > 0) {
      return { reason: 'rate_limited', technical: 'this client sends more than its share', retryAfter: Math.ceil(wait / 1000) }
    }
    const { inFlight, maxLoopDelay } = this.settings
    if (this.inFlight >= inFlight) return { reason: 'in_flight_cap', technical: `${inFlight} requests are in flight` }
    const delay = this.#loopDelay?.now ?? 0
    if (delay <= (maxLoopDelay ?? 0)) return undefined
    return { reason: 'overloaded', technical: `the event loop is ${Math.round(delay)} ms late`, retryAfter: 1 }
  }

  /** Why a request that has waited for its turn on its connection is not taken now; it counts as one of `upstream` already. */
  refusalAtTurn(upstream: Upstream): Refusal | undefined {
    if (this.stopping) return STOPPING
    const { inFlightPerUpstream } = this.settings
    if (upstream.inFlight <= inFlightPerUpstream) return undefined
    return { reason: 'in_flight_cap', technical: `${inFlightPerUpstream} requests are in flight for '${upstream.name}'` }
  }

  /** Lets go of what it holds; no request is taken any more. */
  close(): void {
    this.stopping = true
    this.#loopDelay?.close()
  }

  /** Takes note of a client request that has ended. */
  count(upstream: Upstream, request: string, ending: Ending, duration: Ms): void {
    upstream.counts.add(ending.outcome, ending.reason, ending.attempts, duration)
    if (duration > this.settings.slowRequest) this.tellSlow({ upstream: upstream.name, request, ...ending }, duration)
  }

  /** Takes note of a request that has taken longer than it should; of others it tells nothing. */
  tellSlow(facts: object, duration: Ms): void {
    if (duration <= this.settings.slowRequest) return
    const verySlow = duration > this.settings.verySlowRequest
    this.#log.warn({ ...facts, duration_ms: Math.round(duration) }, verySlow ? 'very slow request' : 'slow request')
  }

  /** Takes note of an error that is nobody's but ours. */
  tellDefect(where: { upstream: string } | { address: string }, request: string, error: unknown): void {
    this.#log.error({ ...where, request, err: error }, 'a request met a defect')
  }

  #clientOf(request: IncomingMessage): string {
    const { by } = this.settings.clientRateLimit!
    return by === 'address' ? request.socket.remoteAddress! : String(request.headers[by] ?? '')
  }
}
