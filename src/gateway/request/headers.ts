// Which headers pass the gateway. Hop-by-hop headers belong to one connection (RFC 9110 §7.6.1). The gateway's marks are taken off
// upstreams' answers: an upstream could otherwise speak in the gateway's name.
import type { IncomingHttpHeaders } from 'node:http'
import { IDEMPOTENCY_KEY, REQUEST_ID, gatewayOnly } from '../../contract/headers.ts'

const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

// Host and length are set anew for the upstream and the buffered body. The gateway itself answers `expect`.
const NOT_SENT_ON = new Set([...HOP_BY_HOP, 'host', 'content-length', 'expect', 'http2-settings', REQUEST_ID])

// What a trailer may not say (RFC 9110 §6.5.1): how the message is framed, routed, authenticated or to be treated.
const NOT_IN_TRAILERS = new Set([
  ...HOP_BY_HOP,
  ...gatewayOnly,
  'content-length',
  'content-encoding',
  'content-type',
  'content-range',
  'host',
  'cache-control',
  'max-forwards',
  'authorization',
  'set-cookie',
])

/** Name, value, name, value …: what undici sends and `writeHead` writes without further copies. */
export type FlatHeaders = string[]

export interface RequestHeaders {
  /** Headers for the upstream, the request id included. */
  sent: FlatHeaders
  requestId: string
  /** One that says something: a blank one keeps no repetition harmless, and two that differ say nothing. */
  idempotencyKey: boolean
  /** The Via lines, joined; empty without one. */
  via: string
}

/** What an upstream gets of a client's `rawHeaders`; a request id is made by `newId` when the client brought no usable one. */
export function requestHeaders(
  raw: readonly string[],
  connection: string | undefined,
  newId: () => string,
  dropped?: ReadonlySet<string>,
): RequestHeaders {
  const named = connectionTokens(connection)
  const sent: FlatHeaders = []
  let requestId = ''
  let key: string | undefined
  let via = ''
  for (let at = 0; at < raw.length; at += 2) {
    const name = raw[at]!
    const lower = name.toLowerCase()
    if (lower === REQUEST_ID) requestId ||= raw[at + 1]!
    if (NOT_SENT_ON.has(lower) || named?.has(lower) || dropped?.has(lower)) continue
    if (lower === IDEMPOTENCY_KEY) key = key === undefined || key === raw[at + 1] ? raw[at + 1] : ''
    else if (lower === 'via') via += `${raw[at + 1]},`
    sent.push(name, raw[at + 1]!)
  }
  if (!isUsableId(requestId)) requestId = newId()
  sent.push(REQUEST_ID, requestId)
  return { sent, requestId, idempotencyKey: key !== undefined && key.trim() !== '', via }
}

/** What a client gets of an upstream's headers. Repeated headers stay repeated. */
export function responseHeaders(received: Readonly<IncomingHttpHeaders>): FlatHeaders {
  const named = connectionTokens(joined(received.connection))
  const passed: FlatHeaders = []
  for (const name in received) {
    const value = received[name]
    if (value === undefined || HOP_BY_HOP.has(name) || gatewayOnly.has(name) || named?.has(name)) continue
    if (typeof value === 'string') passed.push(name, value)
    else for (const each of value) passed.push(name, each)
  }
  return passed
}

export function withoutLength(headers: FlatHeaders): FlatHeaders {
  const kept: FlatHeaders = []
  for (let at = 0; at < headers.length; at += 2) if (headers[at] !== 'content-length') kept.push(headers[at]!, headers[at + 1]!)
  return kept
}

/** Repeated headers as lists. */
export function byName(headers: FlatHeaders): Record<string, string | string[]> {
  const found: Record<string, string | string[]> = Object.create(null) // names come from the upstream
  for (let at = 0; at < headers.length; at += 2) {
    const name = headers[at]!
    const before = found[name]
    found[name] = before === undefined ? headers[at + 1]! : [before, headers[at + 1]!].flat()
  }
  return found
}

/** What a client gets of an upstream's trailers. */
export function responseTrailers(received: Readonly<IncomingHttpHeaders>): [name: string, value: string][] {
  const passed: [name: string, value: string][] = []
  for (const name in received) {
    const value = joined(received[name])
    if (value !== undefined && !NOT_IN_TRAILERS.has(name)) passed.push([name, value])
  }
  return passed
}

/** Lines of one name, as one (RFC 9110 §5.3). */
export function joined(value: string | string[] | undefined): string | undefined {
  return typeof value === 'object' ? value.join(', ') : value
}

/** Whether a client's request id can be given back and written down: printable ASCII, and not endless. */
export function isUsableId(id: string): boolean {
  return /^[\x21-\x7e]{1,200}$/.test(id)
}

// `Connection: close, x-internal` makes x-internal hop-by-hop too. Nearly every message says only keep-alive or close.
function connectionTokens(connection: string | undefined): Set<string> | undefined {
  if (!connection || connection === 'keep-alive' || connection === 'close') return undefined
  return new Set(connection.split(',').map((token) => token.trim().toLowerCase()))
}
