// What a client gets when its call failed or was refused: a kept answer, a static one, another upstream's, or nothing but the error.
// The rules of the protocol (what may be kept, and who may have it) are the request's: gateway/cache/ has those of HTTP.
import type { Clock, Ms } from '../../kernel/clock.ts'
import { type AnswerKey, type KeptAnswer, KeptAnswers } from './kept-answers.ts'
import type { FallbackSettings } from './settings.ts'

/** A request as the cache knows it. */
export interface CacheableRequest<Response> {
  /** Undefined: answers to such a request are not kept, and it gets none. */
  readonly key: AnswerKey | undefined
  /** The client wants a kept answer or none: the upstream is not asked. */
  readonly onlyKept: boolean
  /** Whether this answer, kept under its key, is one to its question. */
  selects(kept: Response): boolean
  /** What it gets of an answer that it selects and that was kept so long ago; undefined when it may have nothing of it. */
  reuse(kept: Response, residentMs: Ms): Response | undefined
}

export type Substitute<Response> =
  | { use: 'none' }
  /** To be marked as stale: it was kept `ageMs` ago. */
  | { use: 'cached'; response: Response; ageMs: Ms }
  | { use: 'static'; status: number; headers: Record<string, string>; body: unknown }
  | { use: 'route'; upstream: string }

const NONE: Substitute<never> = { use: 'none' }

export class Fallback<Response> {
  readonly #settings: FallbackSettings
  readonly #clock: Clock
  /** Undefined unless it is a cache. */
  readonly #kept: KeptAnswers<Response> | undefined

  constructor(settings: FallbackSettings, clock: Clock) {
    this.#settings = settings
    this.#clock = clock
    this.#kept = settings?.kind === 'cached' ? new KeptAnswers(settings) : undefined
  }

  /** How many answers are kept, and what they take of the memory. */
  get kept(): { answers: number; bytes: number } {
    return { answers: this.#kept?.size ?? 0, bytes: this.#kept?.bytes ?? 0 }
  }

  /** Keeps a good answer, in the place of the one that the request would have got. */
  remember(request: CacheableRequest<Response>, answer: KeptAnswer<Response>): void {
    const { key } = request
    if (key) this.#kept?.put(key, answer, request, this.#clock.now())
  }

  /** The upstream has given this request an answer that may not be kept: older ones are no longer true. */
  forget(request: CacheableRequest<Response>): void {
    // To make a key costs something, and an upstream of which nothing may be kept is asked often.
    if (!this.#kept || this.#kept.size === 0 || !request.key) return
    this.#kept.forget(request.key)
  }

  /** Something was changed at this place: what was kept about it is no longer true. */
  forgetPlace(place: string): void {
    this.#kept?.forgetPlace(place, this.#clock.now())
  }

  /** What to answer instead of an error. `request` is undefined where it has nothing to do with a cache. */
  instead(request: CacheableRequest<Response> | undefined): Substitute<Response> {
    const settings = this.#settings
    if (!settings) return NONE
    if (settings.kind === 'static') return { use: 'static', status: settings.status, headers: settings.headers, body: settings.body }
    if (settings.kind === 'route') return { use: 'route', upstream: settings.upstream }
    return request?.key ? this.#recall(request, request.key) : NONE
  }

  #recall(request: CacheableRequest<Response>, key: AnswerKey): Substitute<Response> {
    const found = this.#kept?.find(key, request, this.#clock.now())
    const response = found && request.reuse(found.response, found.ageMs)
    return response === undefined ? NONE : { use: 'cached', response, ageMs: found!.ageMs }
  }
}
