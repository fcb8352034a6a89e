// What a gateway tells the upstream of the way that a request has come: Via (RFC 9110 §7.6.3), and where the settings say so, the client's
// address (RFC 7239, or the older X-Forwarded-*).
import { randomUUID } from 'node:crypto'
import type { IncomingMessage } from 'node:http'
import type { FlatHeaders } from './headers.ts'

/** This process in a Via header: a request that comes back to it is recognised. */
export const pseudonym = `gatecrash-${randomUUID().slice(0, 13)}`

/** For a request that this process makes itself, or that came by HTTP/1.1. */
export const viaHere = `1.1 ${pseudonym}`

/** `pass`: as the client sent them. */
export const forwardedModes = ['pass', 'remove', 'x-forwarded', 'forwarded'] as const
export type ForwardedMode = (typeof forwardedModes)[number]

/** What a client may claim of its way; dropped but for `pass`. */
const forwardedHeaders: ReadonlySet<string> = new Set(['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto'])

/** What of a client's headers no upstream gets; undefined: nothing. */
export function droppedHeaders(mode: ForwardedMode, ofServices: string | undefined): ReadonlySet<string> | undefined {
  const dropped = [...(mode === 'pass' ? [] : forwardedHeaders), ...(ofServices === undefined ? [] : [ofServices])]
  return dropped.length === 0 ? undefined : new Set(dropped)
}

/** Adds what the upstream is told to `sent`. */
export function tellTheWay(sent: FlatHeaders, request: IncomingMessage, mode: ForwardedMode): void {
  if (request.headers['max-forwards'] !== undefined) countDown(sent, request.method!)
  sent.push('via', request.httpVersion === '1.1' ? viaHere : `${request.httpVersion} ${pseudonym}`)
  if (mode === 'pass' || mode === 'remove') return
  const address = request.socket.remoteAddress ?? 'unknown'
  const { host, forwarded, 'x-forwarded-for': before, 'x-forwarded-host': firstHost, 'x-forwarded-proto': proto } = request.headers
  if (mode === 'x-forwarded') {
    sent.push('x-forwarded-for', before === undefined ? address : `${String(before)}, ${address}`)
    const hostThen = firstHost ?? host
    if (hostThen !== undefined) sent.push('x-forwarded-host', String(hostThen))
    sent.push('x-forwarded-proto', proto === undefined ? 'http' : String(proto))
    return
  }
  const by = `for=${address.includes(':') ? `"[${address}]"` : address}${host === undefined ? '' : `;host="${host}"`};proto=http`
  sent.push('forwarded', forwarded === undefined ? by : `${forwarded}, ${by}`)
}

// Of the methods that it has a meaning for (RFC 9110 §7.6.2). The message rules have seen that it is a number above 0.
function countDown(sent: FlatHeaders, method: string): void {
  if (method !== 'OPTIONS' && method !== 'TRACE') return
  const at = sent.findIndex((name, place) => place % 2 === 0 && name.toLowerCase() === 'max-forwards')
  if (at >= 0) sent[at + 1] = String(Number(sent[at + 1]) - 1)
}
