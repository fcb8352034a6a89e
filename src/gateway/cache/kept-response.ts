// An answer in the form in which it is kept, with all that decides who may have it, and how long.
import type { IncomingHttpHeaders } from 'node:http'
import type { Piece } from '../../contract/piece.ts'
import type { Ms } from '../../kernel/clock.ts'
import type { CachedSettings } from '../../policies/fallback/settings.ts'
import { type FlatHeaders, joined, responseHeaders } from '../request/headers.ts'
import type { Fields } from './cache-key.ts'
import { storingRule } from './storing-rule.ts'

/** A whole answer as it came from the upstream. */
export interface ReceivedResponse {
  status: number
  headers: Readonly<IncomingHttpHeaders>
  body: Piece | undefined
  /** From the request's beginning to the end of the answer. */
  tookMs: Ms
}

export interface KeptResponse {
  status: number
  /** As they were received: see `keptHeaders`. */
  headers: Readonly<IncomingHttpHeaders>
  body: Piece | undefined
  /** When it arrived, on the wall clock. */
  at: Ms
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
 * @param at when it arrived, on the wall clock
 */
export function keptResponse(
  fields: Fields,
  received: ReceivedResponse,
  at: Ms,
  settings: Pick<CachedSettings, 'maxAge' | 'staleIfError'>,
): KeptResponse | undefined {
  const { headers, tookMs } = received
  const vary = varyOf(headers, fields)
  if (!vary || headers['content-range'] !== undefined) return undefined
  const date = dateOf(headers, at)
  const rule = storingRule(fields, received, date)
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
  const body = received.body && ofItsOwn(received.body)
  return { status: received.status, headers, body, at, arrivalAgeMs, freshMs, staleIfErrorMs, mustRevalidate, vary, usableMs }
}

/** Bytes that an answer takes beside its texts, about. */
const OVERHEAD = 1000

/** About what it takes of the memory. */
export function bytesOf({ headers, body }: KeptResponse): number {
  let bytes = OVERHEAD + (body?.length ?? 0)
  for (const name in headers) bytes += name.length + (joined(headers[name])?.length ?? 0)
  return bytes
}

/** A chunk may be a small part of a large piece of memory: it is then copied. */
function ofItsOwn(body: Piece): Piece {
  return body instanceof Uint8Array && body.buffer.byteLength - body.length > OVERHEAD ? Buffer.from(body) : body
}

/** Those of its headers that a client may see, with a date and the length of the body; without an age. */
export function keptHeaders({ status, headers, body, at }: KeptResponse): FlatHeaders {
  const head: FlatHeaders = []
  const passed = responseHeaders(headers)
  for (let index = 0; index < passed.length; index += 2) {
    if (!NOT_KEPT.has(passed[index]!)) head.push(passed[index]!, passed[index + 1]!)
  }
  if (headers.date === undefined) head.push('date', new Date(at).toUTCString())
  if (status !== 204 && status !== 304) head.push('content-length', String(body?.length ?? 0))
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
