// One upstream: its policies, its connections, its counts.
import { buildConnector, type Dispatcher, Pool } from 'undici'
import type { Ms } from '../../kernel/clock.ts'
import { routeTest, type RouteTest } from '../../policies/route-pattern.ts'
import type { UpstreamStack } from '../../policies/stack.ts'
import { AnswerCache } from '../cache/answer-cache.ts'
import type { KeptResponse } from '../cache/kept-response.ts'
import type { UpstreamConfig } from '../config.ts'
import { withoutQuery } from '../request/target.ts'
import type { InternalToken } from './internal-token.ts'
import { RequestCounts } from './request-counts.ts'
import { skipContinue } from './skip-continue.ts'
import type { TransferSettings } from './transfer-target.ts'

/** Where an upstream's requests go: `origin` is scheme, host and port. */
export type OpenConnections = (origin: string, attemptTimeout: Ms) => Dispatcher

export class Upstream {
  readonly name: string
  readonly stack: UpstreamStack<KeptResponse>
  /** Undefined unless the fallback is a cache. */
  readonly cache: AnswerCache | undefined
  readonly transfers: TransferSettings
  readonly pool: Dispatcher
  readonly counts = new RequestCounts()
  /** Of an upstream that is one of our own services. */
  readonly internalToken: InternalToken | undefined
  /** Client requests between their head and the end of their answer. */
  inFlight = 0
  /** The upstream that is asked when this one fails, where the fallback is a route. */
  standIn: Upstream | undefined
  readonly #basePath: string
  /** Undefined where the settings name none. */
  readonly #streamRoutes: RouteTest | undefined

  constructor(
    config: UpstreamConfig,
    stack: UpstreamStack<KeptResponse>,
    transfers: TransferSettings,
    connections: OpenConnections,
    internalToken?: InternalToken,
  ) {
    this.internalToken = internalToken
    this.name = config.name
    this.stack = stack
    const { fallback, stream } = stack.policies
    this.cache = fallback?.kind === 'cached' ? new AnswerCache(fallback, stack.fallback) : undefined
    this.#streamRoutes = stream.length > 0 ? routeTest(stream) : undefined
    this.transfers = transfers
    const { origin, pathname } = new URL(config.baseUrl)
    this.#basePath = pathname.replace(/\/$/, '')
    this.pool = connections(origin, stack.policies.timeout.attempt)
  }

  /** Whether its stand-in may see the client's credentials. */
  get handsCredentialsOn(): boolean {
    const { fallback } = this.stack.policies
    return fallback?.kind === 'route' && fallback.credentials
  }

  /** `/v1/models?x=1` below the base URL's own path. */
  pathOf(path: string): string {
    return this.#basePath + path
  }

  /** Whether the settings say that the answer to this request is a stream, whatever it says itself. */
  streams(method: string, path: string): boolean {
    return this.#streamRoutes !== undefined && this.#streamRoutes(method, withoutQuery(path))
  }
}

// undici's own timeouts are off: they come in steps of half a second. Connections are bounded by the bulkhead.
export const openPool: OpenConnections = (origin, attemptTimeout) => {
  const open = buildConnector({ timeout: Math.max(1000, Math.ceil(attemptTimeout)), allowH2: false })
  const connect: buildConnector.connector = (options, opened) => {
    open(options, (...result) => {
      if (result[1]) skipContinue(result[1])
      opened(...result)
    })
  }
  return new Pool(origin, { headersTimeout: 0, bodyTimeout: 0, allowH2: false, connect })
}
