// What the client gets instead when a call failed or was refused: an older answer to the same question, a fixed one, another
// upstream's, or nothing but the error. Deciding here changes no count: the breaker and the metrics have heard of the failure.
import { safeMethods } from '../contract/methods.ts'
import type { Clock, Ms } from '../kernel/clock.ts'
import type { UpstreamPolicies } from './settings.ts'

type FallbackSettings = UpstreamPolicies['fallback']

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

  get kind(): NonNullable<FallbackSettings>['kind'] | 'none' {
    return this.#settings?.kind ?? 'none'
  }

  /** How many answers are kept. */
  get size(): number {
    return this.#answers.size
  }

  /** Keeps a good answer to the question `key`; does nothing unless the fallback is `cached` and the method may be answered so. */
  remember(method: string, key: string, response: Response): void {
    if (this.#settings?.kind !== 'cached' || !this.#mayCache(method)) return
    this.#answers.delete(key)
    this.#answers.set(key, { response, at: this.#clock.now() })
    if (this.#answers.size > this.#settings.entries) this.#answers.delete(this.#answers.keys().next().value!)
  }

  /** What to answer instead of an error. An answer from the cache is never another question's, nor too old. */
  instead(method: string, key: string): Substitute<Response> {
    const settings = this.#settings
    if (!settings) return NONE
    if (settings.kind === 'static') return { use: 'static', status: settings.status, headers: settings.headers, body: settings.body }
    if (settings.kind === 'route') return { use: 'route', upstream: settings.upstream }
    return this.#mayCache(method) ? this.#recall(key, settings.maxAge) : NONE
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

  /** A question is known by method and path when it is safe; one asked by POST only by its body, which the key must then hold. */
  #mayCache(method: string): boolean {
    return safeMethods.has(method) || (this.#settings?.kind === 'cached' && this.#settings.key.includes('body'))
  }
}
