// Which answers a shared cache may keep, and for how long they are good (RFC 9111 §3 and §4.2, RFC 5861 §4). The rules of storing and
// freshness are those of http-cache-semantics. It reads directives in lower case, unquoted and on one line: it gets them in this form.
import type { IncomingHttpHeaders } from 'node:http'
import CachePolicy from 'http-cache-semantics'
import type { Ms } from '../../kernel/clock.ts'
import type { CachedSettings } from '../../policies/fallback/settings.ts'
import type { FlatHeaders } from '../request/headers.ts'
import type { Fields } from './cache-key.ts'
import { type Directives, directivesOf, millisecondsOf } from './directives.ts'

/** A whole answer as it came from the upstream. */
export interface ReceivedResponse {
  status: number
  headers: Readonly<IncomingHttpHeaders>
  /** Those of them that a client may see. */
  passed: FlatHeaders
  body: Buffer | undefined
  /** From the request's beginning to the end of the answer. */
  tookMs: Ms
  /** On the wall clock: when it arrived. */
  at: Date
}

export interface KeptResponse {
  status: number
  /** With a date and the length of the body; without an age. */
  headers: FlatHeaders
  body: Buffer | undefined
  /** How old it was when it arrived. */
  arrivalAgeMs: Ms
  /** Up to which age it is fresh. */
  freshMs: Ms
  /** How much older it may be when the upstream fails. */
  staleIfErrorMs: Ms
  /** It may never be used when it is no longer fresh. */
  mustRevalidate: boolean
  /** By name: the request's headers that it depends on, as they were; undefined where there was none. */
  vary: ReadonlyMap<string, string | undefined>
  /** How long it is of any use, from its arrival. */
  usableMs: Ms
}

// A Date has whole seconds.
const DATE_STEP: Ms = 1000
// `age` is counted anew. A cookie is for the one whom it was set for.
const NOT_KEPT = new Set(['age', 'set-cookie', 'set-cookie2', 'content-length'])

/**
 * The answer in the form in which it is kept; undefined when it may not be, or is of no use.
 * @param fields the headers of the request that it answers, which is a GET or on a listed route
 */
export function keptResponse(
  fields: Fields,
  received: ReceivedResponse,
  settings: Pick<CachedSettings, 'maxAge' | 'staleIfError'>,
): KeptResponse | undefined {
  const { status, headers, at, tookMs } = received
  const directives = directivesOf(linesOf(headers, 'cache-control'))
  const names = varyNames(headers)
  if (names.includes('*') || headers['content-range'] !== undefined || needsValidation(headers, directives)) return undefined
  if (headers['set-cookie'] !== undefined && !directives.has('public')) return undefined

  const policy = policyOf(fields, received, directives)
  if (!policy.storable()) return undefined

  const ageValueMs = ageHeaderMs(headers) + tookMs
  const arrivalAgeMs = Math.max(ageValueMs, at.getTime() - dateOf(headers, at).getTime() - DATE_STEP)
  const stated = directives.has('s-maxage') || directives.has('max-age') || headers.expires !== undefined
  // Where the settings say how long an answer is fresh, an upstream's clock that is slow does not shorten it.
  const freshMs = stated ? policy.maxAge() * 1000 : settings.maxAge + arrivalAgeMs - ageValueMs
  const mustRevalidate = ['must-revalidate', 'proxy-revalidate', 's-maxage'].some((name) => directives.has(name))
  const staleIfErrorMs = millisecondsOf(directives, 'stale-if-error') ?? settings.staleIfError
  // A client may accept what is older than the upstream would like; but not without an end.
  const staleMs = mustRevalidate ? 0 : Math.max(staleIfErrorMs, settings.maxAge)
  const usableMs = freshMs + staleMs - arrivalAgeMs
  if (usableMs <= 0) return undefined

  const vary = new Map(names.map((name) => [name, fields.get(name)]))
  return { ...kept(received), status, arrivalAgeMs, freshMs, staleIfErrorMs, mustRevalidate, vary, usableMs }
}

/** About what it takes of the memory. */
export function bytesOf({ headers, body }: KeptResponse): number {
  const OVERHEAD = 1000
  return headers.reduce((sum, text) => sum + text.length, OVERHEAD + (body?.length ?? 0))
}

function policyOf(fields: Fields, { status, headers, at }: ReceivedResponse, directives: Directives): CachePolicy {
  const authorization = fields.get('authorization')
  const request = {
    // A listed route is one that reads, whatever its method.
    method: 'GET',
    headers: {
      ...(authorization !== undefined && { authorization }),
      'cache-control': written(directivesOf(fields.get('cache-control'))),
    },
  }
  const response = {
    status,
    headers: {
      'cache-control': written(directives),
      date: dateOf(headers, at).toUTCString(),
      ...(headers.expires !== undefined && { expires: linesOf(headers, 'expires').join() }),
    },
  }
  return new CachePolicy(request, response, { shared: true, cacheHeuristic: 0, immutableMinTimeToLive: 0 })
}

/** In the one form that http-cache-semantics reads. It forbids every use of `proxy-revalidate`; only a stale one is forbidden. */
function written(directives: Directives): string {
  return [...directives]
    .filter(([name, argument]) => name !== 'proxy-revalidate' && !/[,"\s]/.test(name + argument))
    .map(([name, argument]) => (argument === '' ? name : `${name}=${argument}`))
    .concat(['private', 'no-store'].filter((name) => directives.has(name)))
    .join(', ')
}

// There is nobody to ask when the upstream has failed.
function needsValidation(headers: Readonly<IncomingHttpHeaders>, directives: Directives): boolean {
  return directives.has('no-cache') || (directives.size === 0 && /no-cache/i.test(linesOf(headers, 'pragma').join()))
}

function varyNames(headers: Readonly<IncomingHttpHeaders>): string[] {
  return linesOf(headers, 'vary')
    .flatMap((line) => line.split(','))
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '')
}

function ageHeaderMs(headers: Readonly<IncomingHttpHeaders>): Ms {
  const [first = ''] = linesOf(headers, 'age').flatMap((line) => line.split(','))
  return /^\s*\d+\s*$/.test(first) ? Number(first) * 1000 : 0
}

function dateOf(headers: Readonly<IncomingHttpHeaders>, at: Date): Date {
  const date = new Date(String(headers.date))
  return Number.isNaN(date.getTime()) ? at : date
}

/** The head and body that will be given again. */
function kept({ headers, passed, body, status, at }: ReceivedResponse): Pick<KeptResponse, 'headers' | 'body'> {
  const head: FlatHeaders = []
  for (let index = 0; index < passed.length; index += 2) {
    if (!NOT_KEPT.has(passed[index]!.toLowerCase())) head.push(passed[index]!, passed[index + 1]!)
  }
  if (headers.date === undefined) head.push('date', at.toUTCString())
  if (status !== 204) head.push('content-length', String(body?.length ?? 0))
  // A copy: the chunk may be a small part of a large piece of memory.
  return { headers: head, body: body && Buffer.concat([body]) }
}

function linesOf(headers: Readonly<IncomingHttpHeaders>, name: string): readonly string[] {
  const value = headers[name]
  return value === undefined ? [] : typeof value === 'string' ? [value] : value
}
