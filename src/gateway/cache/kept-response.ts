// An answer in the form in which it is kept, with all that decides who may have it, and how long.
import type { IncomingHttpHeaders } from 'node:http'
import type { Ms } from '../../kernel/clock.ts'
import type { CachedSettings } from '../../policies/fallback/settings.ts'
import { type FlatHeaders, joined } from '../request/headers.ts'
import type { Fields } from './cache-key.ts'
import { storingRule } from './storing-rule.ts'

/** A whole answer as it came from the upstream. */
export interface ReceivedResponse {
  status: number
  headers: Readonly<IncomingHttpHeaders>
  /** Those of them that a client may see. */
  passed: FlatHeaders
  body: Buffer | undefined
  /** From the request's beginning to the end of the answer. */
  tookMs: Ms
  /** When it arrived, on the wall clock. */
  at: Ms
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
const NO_VARY: ReadonlyMap<string, undefined> = new Map()

/**
 * The answer as it is kept; undefined when it may not be, or is of no use.
 * @param fields the headers of the request that it answers, which is a GET or on a listed route
 */
export function keptResponse(
  fields: Fields,
  received: ReceivedResponse,
  settings: Pick<CachedSettings, 'maxAge' | 'staleIfError'>,
): KeptResponse | undefined {
  const { status, headers, at, tookMs } = received
  const vary = varyOf(headers, fields)
  if (!vary || headers['content-range'] !== undefined) return undefined
  const date = dateOf(headers, at)
  const rule = storingRule({
    status,
    authorization: fields.get('authorization'),
    asked: fields.get('cache-control'),
    cacheControl: joined(headers['cache-control']),
    pragma: joined(headers.pragma),
    expires: joined(headers.expires),
    date,
    setsCookie: headers['set-cookie'] !== undefined,
  })
  if (!rule.mayBeKept) return undefined

  const { mustRevalidate, staleIfErrorMs = settings.staleIfError } = rule
  const ageValueMs = ageHeaderMs(headers) + tookMs
  const arrivalAgeMs = Math.max(ageValueMs, at - date - DATE_STEP)
  // Where the settings say how long an answer is fresh, an upstream's clock that is slow does not shorten it.
  const freshMs = rule.freshMs ?? settings.maxAge + arrivalAgeMs - ageValueMs
  // A client may accept what is older than the upstream would like; but not without an end.
  const staleMs = mustRevalidate ? 0 : Math.max(staleIfErrorMs, settings.maxAge)
  const usableMs = freshMs + staleMs - arrivalAgeMs
  if (usableMs <= 0) return undefined
  const head = keptHeaders(received)
  // A copy: the chunk may be a small part of a large piece of memory.
  const body = received.body && Buffer.from(received.body)
  return { status, headers: head, body, arrivalAgeMs, freshMs, staleIfErrorMs, mustRevalidate, vary, usableMs }
}

/** About what it takes of the memory. */
export function bytesOf({ headers, body }: KeptResponse): number {
  const OVERHEAD = 1000
  let bytes = OVERHEAD + (body?.length ?? 0)
  for (const text of headers) bytes += text.length
  return bytes
}

function keptHeaders({ headers, passed, body, status, at }: ReceivedResponse): FlatHeaders {
  const head: FlatHeaders = []
  for (let index = 0; index < passed.length; index += 2) {
    if (!NOT_KEPT.has(passed[index]!.toLowerCase())) head.push(passed[index]!, passed[index + 1]!)
  }
  if (headers.date === undefined) head.push('date', new Date(at).toUTCString())
  if (status !== 204) head.push('content-length', String(body?.length ?? 0))
  return head
}

/** Undefined: it depends on what nobody can tell. */
function varyOf(headers: Readonly<IncomingHttpHeaders>, fields: Fields): KeptResponse['vary'] | undefined {
  const text = joined(headers.vary)
  if (text === undefined) return NO_VARY
  const names = text
    .split(',')
    .map((name) => name.trim().toLowerCase())
    .filter((name) => name !== '')
  return names.includes('*') ? undefined : new Map(names.map((name) => [name, fields.get(name)]))
}

function ageHeaderMs(headers: Readonly<IncomingHttpHeaders>): Ms {
  const age = joined(headers.age)
  if (age === undefined) return 0
  const [first = ''] = age.split(',', 1)
  return /^\s*\d+\s*$/.test(first) ? Number(first) * 1000 : 0
}

// The answers of one second have the same date.
let lastDate = { text: '', ms: Number.NaN }

function dateOf(headers: Readonly<IncomingHttpHeaders>, at: Ms): Ms {
  const text = joined(headers.date)
  if (text === undefined) return at
  if (text !== lastDate.text) lastDate = { text, ms: Date.parse(text) }
  return Number.isNaN(lastDate.ms) ? at : lastDate.ms
}
