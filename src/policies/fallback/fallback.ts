// What a client gets when its call failed or was refused: a cached answer, a static one, another upstream's, or nothing but the error.
// Cached answers are in memory; those that were used longest ago are forgotten first.
import { safeMethods } from '../../contract/methods.ts'
import type { Clock, Ms } from '../../kernel/clock.ts'
import type { FallbackSettings } from './settings.ts'

/** A request as the cache knows it. */
export interface CacheableRequest {
  method: string
  /** Requests with the same key may get the same answer. Called only when the cache is used for this method. */
  cacheKey(): string
}

export type Substitute<Response> =
  | { use: 'none' }
  /** To be marked as stale: it was true `ageMs` ago. */
  | { use: 'cached'; response: Response; ageMs: Ms }
  | { use: 'static'; status: number; headers: Record<string, string>; body: unknown }
  | { use: 'route'; upstream: string }

const NONE: Substitute<never> = { use: 'none' }

export class Fallback<Response> {
  readonly #settings: FallbackSettings
  readonly #clock: Clock
  // In order of last use: the first is forgotten first.
  readonly #answers = new Map<string, { response: Response; at: Ms }>()

  constructor(settings: FallbackSettings, clock: Clock) {
    this.#settings = settings
    this.#clock = clock
  }

  /** How many answers are kept. */
  get size(): number {
    return this.#answers.size
  }

  /** Whether `remember` would keep an answer to a request with this method. */
  keeps(method: string): boolean {
    const settings = this.#settings
    // Safe methods may be cached by method and path. Other methods may be cached only if the cache key includes the body.
    return settings?.kind === 'cached' && (safeMethods.has(method) || settings.key.includes('body'))
  }

  /** Keeps a good answer; does nothing for a method that is not kept. */
  remember(request: CacheableRequest, response: Response): void {
    if (this.#settings?.kind !== 'cached' || !this.keeps(request.method)) return
    const key = request.cacheKey()
    this.#answers.delete(key)
    this.#answers.set(key, { response, at: this.#clock.now() })
    if (this.#answers.size > this.#settings.entries) this.#answers.delete(this.#answers.keys().next().value!)
  }

  /** What to answer instead of an error. A cached answer has the request's own key and is not too old. */
  instead(request: CacheableRequest): Substitute<Response> {
    const settings = this.#settings
    if (!settings) return NONE
    if (settings.kind === 'static') return { use: 'static', status: settings.status, headers: settings.headers, body: settings.body }
    if (settings.kind === 'route') return { use: 'route', upstream: settings.upstream }
    return this.keeps(request.method) ? this.#recall(request.cacheKey(), settings.maxAge) : NONE
  }

  #recall(key: string, maxAge: Ms): Substitute<Response> {
    const kept = this.#answers.get(key)
    if (!kept) return NONE
    this.#answers.delete(key)
    const ageMs = this.#clock.now() - kept.at
    if (ageMs > maxAge) return NONE
    this.#answers.set(key, kept)
    return { use: 'cached', response: kept.response, ageMs }
  }
}
