// A shared cache for the time when an upstream fails: RFC 9111 with stale-if-error (RFC 5861). It saves no call; every request that an
// upstream can answer goes there. GET and HEAD are kept on every route, other methods on the routes that the settings list.
//
//   request ─▶ key, wish ─▶ upstream ─┬─ good answer ─▶ hear() ─▶ kept, or what was kept is forgotten
//                                     └─ none ─▶ serve: selects() ─▶ reuse() ─▶ whole, 304, or the error
import { safeMethods } from '../../contract/methods.ts'
import { type Ms, wallTime } from '../../kernel/clock.ts'
import type { CacheableRequest, Fallback } from '../../policies/fallback/fallback.ts'
import type { AnswerKey } from '../../policies/fallback/kept-answers.ts'
import type { CachedSettings } from '../../policies/fallback/settings.ts'
import { routeTest, type RouteTest } from '../../policies/route-pattern.ts'
import type { FlatHeaders } from '../request/headers.ts'
import { withoutQuery } from '../request/target.ts'
import { answerKey, type Fields } from './cache-key.ts'
import { bytesOf, type KeptResponse, keptResponse, type ReceivedResponse } from './kept-response.ts'
import { reused, selects, type Wish, wishOf } from './reuse.ts'

/** A request as it goes to the upstream. */
export interface AskedRequest {
  method: string
  /** Below the base URL, with the query. */
  path: string
  headers: FlatHeaders
  body: Buffer | undefined
}

/** Answers that say: what was kept for this request is no longer true. */
const ENDING = new Set([401, 403, 404, 410])

export class AnswerCache {
  readonly #settings: CachedSettings
  readonly #fallback: Fallback<KeptResponse>
  readonly #reads: RouteTest
  readonly #wallNow: () => Ms

  /** `wallNow`: milliseconds since 1970. */
  constructor(settings: CachedSettings, fallback: Fallback<KeptResponse>, wallNow: () => Ms = wallTime) {
    this.#settings = settings
    this.#fallback = fallback
    this.#reads = routeTest(settings.unsafe)
    this.#wallNow = wallNow
  }

  request(asked: AskedRequest): CachedRequest {
    const { method, path } = asked
    const isKept = method === 'GET' || method === 'HEAD' || this.#reads(method, withoutQuery(path))
    return new CachedRequest(asked, isKept, this.#settings, this.#fallback, this.#wallNow)
  }
}

export class CachedRequest implements CacheableRequest<KeptResponse> {
  readonly onlyKept: boolean
  readonly #asked: AskedRequest
  readonly #isKept: boolean
  readonly #settings: CachedSettings
  readonly #fallback: Fallback<KeptResponse>
  readonly #wallNow: () => Ms
  readonly #wish: Wish
  #key: AnswerKey | undefined

  constructor(asked: AskedRequest, isKept: boolean, settings: CachedSettings, fallback: Fallback<KeptResponse>, wallNow: () => Ms) {
    this.#asked = asked
    this.#isKept = isKept
    this.#settings = settings
    this.#fallback = fallback
    this.#wallNow = wallNow
    this.#wish = wishOf(asked.method, fieldsOf(asked.headers))
    this.onlyKept = this.#wish.directives.has('only-if-cached')
  }

  // A digest costs as much as the rest of the cache: it is made when something is kept or looked for.
  get key(): AnswerKey | undefined {
    if (!this.#isKept) return undefined
    return (this.#key ??= answerKey(this.#settings, { ...this.#asked, fields: this.#wish.fields }))
  }

  selects(kept: KeptResponse): boolean {
    return selects(kept, this.#wish)
  }

  reuse(kept: KeptResponse, residentMs: Ms): KeptResponse | undefined {
    return reused(kept, this.#wish, residentMs)
  }

  /** The upstream's own answer. `isWhole`: its body was not handed on piece by piece. */
  hear(answer: ReceivedResponse, isWhole: boolean): void {
    const { status } = answer
    const { method, path } = this.#asked
    if (!this.#isKept) {
      // What was changed is not known in full: every answer about this place is void (RFC 9111 §4.4).
      if (status < 400 && !safeMethods.has(method)) this.#fallback.forgetPlace(withoutQuery(path))
      return
    }
    // A part of the answer, or the news that it is the same, makes no kept one void. Nor does an answer to nobody else.
    if (status === 206 || status === 304 || this.#wish.directives.has('no-store')) return
    if (status >= 400) {
      if (ENDING.has(status)) this.#fallback.forget(this)
      return
    }
    if (method === 'HEAD') return
    const response = isWhole ? keptResponse(this.#wish.fields, answer, this.#wallNow(), this.#settings) : undefined
    if (response) this.#fallback.remember(this, { response, bytes: bytesOf(response), usableMs: response.usableMs, tookMs: answer.tookMs })
    else this.#fallback.forget(this)
  }
}

// A comma for those who read lists. No value has a line break in it, so two lines are never taken for one.
const BETWEEN_LINES = ',\n'

function fieldsOf(headers: FlatHeaders): Fields {
  const fields = new Map<string, string>()
  for (let at = 0; at < headers.length; at += 2) {
    const name = headers[at]!.toLowerCase()
    const before = fields.get(name)
    fields.set(name, before === undefined ? headers[at + 1]! : `${before}${BETWEEN_LINES}${headers[at + 1]!}`)
  }
  return fields
}
