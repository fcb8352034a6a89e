// Who may get a kept answer, and in which form (RFC 9111 §4 and §5.2.1, RFC 5861 §4, RFC 9110 §13).
import type { IncomingHttpHeaders } from 'node:http'
import type { Ms } from '../../kernel/clock.ts'
import { joined } from '../request/headers.ts'
import type { Fields } from './cache-key.ts'
import { type Directives, directivesOf, millisecondsOf } from './directives.ts'
import type { KeptResponse } from './kept-response.ts'

/** What a client wants of a cache. */
export interface Wish {
  method: string
  fields: Fields
  directives: Directives
}

export function wishOf(method: string, fields: Fields): Wish {
  const control = fields.get('cache-control')
  // Pragma is for caches of before 1999; beside Cache-Control it says nothing (RFC 9111 §5.4).
  const pragma = control === undefined ? fields.get('pragma') : undefined
  const isOld = pragma !== undefined && /no-cache/i.test(pragma)
  return { method, fields, directives: isOld ? new Map([['no-cache', '']]) : directivesOf(control) }
}

/** Whether its Vary headers are the same in both requests. */
export function selects({ vary }: KeptResponse, { fields }: Wish): boolean {
  // To walk even an empty map costs an iterator.
  if (vary.size === 0) return true
  for (const [name, value] of vary) if (fields.get(name) !== value) return false
  return true
}

/** The answer as this client may have it: whole, as a 304, or not at all (undefined). It was kept so long ago. */
export function reused(kept: KeptResponse, wish: Wish, residentMs: Ms): KeptResponse | undefined {
  const { fields, directives } = wish
  // A part of it, or a condition that only the upstream can decide.
  if (['range', 'if-match', 'if-unmodified-since'].some((name) => fields.has(name))) return undefined
  // There is nobody to validate it with; and who asks for nothing to be kept does not want what was kept.
  if (directives.has('no-cache') || directives.has('no-store')) return undefined
  if (!isYoungEnough(kept, directives, kept.arrivalAgeMs + residentMs)) return undefined
  return conditional(kept, wish)
}

function isYoungEnough(kept: KeptResponse, directives: Directives, ageMs: Ms): boolean {
  const maxAge = millisecondsOf(directives, 'max-age')
  const staleMs = ageMs - kept.freshMs
  if (-staleMs < (millisecondsOf(directives, 'min-fresh') ?? Number.NEGATIVE_INFINITY)) return false
  if (staleMs < 0) return maxAge === undefined || ageMs <= maxAge
  if (kept.mustRevalidate) return false
  const accepted = directives.get('max-stale') === '' ? Number.POSITIVE_INFINITY : (millisecondsOf(directives, 'max-stale') ?? -1)
  if (staleMs <= accepted) return maxAge === undefined || ageMs <= maxAge
  // A client that wants nothing but a kept answer has not seen the upstream fail.
  if (maxAge !== undefined || directives.has('only-if-cached')) return false
  return staleMs < Math.max(kept.staleIfErrorMs, millisecondsOf(directives, 'stale-if-error') ?? 0)
}

function conditional(kept: KeptResponse, { method, fields }: Wish): KeptResponse | undefined {
  const tags = fields.get('if-none-match')
  const since = fields.get('if-modified-since')
  if (tags === undefined && since === undefined) return kept
  if (method !== 'GET' && method !== 'HEAD') return undefined
  if (kept.status !== 200) return kept
  // If-Modified-Since is for those who do not know If-None-Match (RFC 9110 §13.1.3).
  const same = tags === undefined ? !isNewer(kept, since!) : matches(tags, joined(kept.headers.etag))
  return same ? notModified(kept) : kept
}

/** The weak comparison of RFC 9110 §8.8.3.2. */
function matches(tags: string, etag: string | undefined): boolean {
  if (tags.trim() === '*') return true
  const opaque = etag?.replace(/^W\//, '')
  return [...tags.matchAll(/"[^"]*"/g)].some(([tag]) => tag === opaque)
}

function isNewer({ headers, at }: KeptResponse, since: string): boolean {
  const changed = Date.parse(joined(headers['last-modified'] ?? headers.date) ?? new Date(at).toUTCString())
  // Without two dates nothing is known: the answer is given whole.
  return !(changed <= Date.parse(since))
}

/** Without what describes a body. */
function notModified(kept: KeptResponse): KeptResponse {
  const headers: IncomingHttpHeaders = Object.create(null) // names come from the upstream
  for (const name in kept.headers) {
    if (!name.startsWith('content-') || name === 'content-location') headers[name] = kept.headers[name]
  }
  return { ...kept, status: 304, headers, body: undefined }
}
