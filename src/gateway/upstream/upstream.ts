// One upstream: its policies, its connections, its counts.
import { Pool } from 'undici'
import type { UpstreamStack } from '../../policies/stack.ts'
import type { UpstreamConfig } from '../config.ts'
import type { SubstituteResponse } from '../request/substitute-response.ts'
import { RequestCounts } from './request-counts.ts'
import type { TransferSettings } from './transfer.ts'

export class Upstream {
  readonly name: string
  readonly stack: UpstreamStack<SubstituteResponse>
  readonly transfers: TransferSettings
  readonly pool: Pool
  readonly counts = new RequestCounts()
  /** The upstream that is asked when this one fails, where the fallback is a route. */
  standIn: Upstream | undefined
  readonly #basePath: string

  constructor(config: UpstreamConfig, stack: UpstreamStack<SubstituteResponse>, transfers: TransferSettings) {
    this.name = config.name
    this.stack = stack
    this.transfers = transfers
    const { origin, pathname } = new URL(config.baseUrl)
    this.#basePath = pathname.replace(/\/$/, '')
    // undici's own timeouts are off: they come in steps of half a second. Connections are bounded by the bulkhead.
    const connectTimeout = Math.max(1000, Math.ceil(stack.policies.timeout.attempt))
    this.pool = new Pool(origin, { headersTimeout: 0, bodyTimeout: 0, allowH2: false, connect: { timeout: connectTimeout } })
  }

  /** `/gemini/v1/models?x=1` → `/v1/models?x=1` below the base URL's own path. */
  pathOf(url: string): string {
    // Clients that take us for a forward proxy send the whole URL (RFC 9112 §3.2.2).
    const start = url.startsWith('/') ? 0 : url.indexOf('/', url.indexOf('//') + 2)
    const query = url.indexOf('?')
    const end = query < 0 ? url.length : query
    const slash = url.indexOf('/', start + 1)
    return this.#basePath + (slash > 0 && slash < end ? url.slice(slash) : `/${url.slice(end)}`)
  }
}
