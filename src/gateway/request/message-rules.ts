// What a request's head must satisfy before anybody looks at what it asks (RFC 9110, RFC 9112). The parser has checked its grammar.
import type { IncomingMessage } from 'node:http'
import { joined } from './headers.ts'
import type { Refusal } from './refusal.ts'

/** Header lines that one request may have. */
const MOST_HEADERS = 256
/** Characters that a request's target may have (RFC 9112 §3 asks for 8,000 at least). */
export const LONGEST_TARGET = 8192

const HOST = /^(?:\[[\da-f:.]+\]|[\w.~!$&'()*+,;=%-]*)(?::\d*)?$/i
// The parser lets tabs, form feeds, fragments and half an escape pass. No upstream may be sent them.
// eslint-disable-next-line no-control-regex -- control characters are what is looked for
const ILLEGAL = /[\u0000-\u0020\u007f#]|%(?![\da-fA-F]{2})/
const CHUNKED = 'chunked'

/** The last Host that was one: most requests of a time have the same. */
let lastHost = ''

/** Why the gateway does not take this request; undefined when it does. */
export function messageProblem(request: IncomingMessage): Refusal | undefined {
  const { httpVersion, rawHeaders, headers, method, url = '' } = request
  if (httpVersion !== '1.1' && httpVersion !== '1.0')
    return { reason: 'version_not_supported', technical: `HTTP/${httpVersion} is not spoken here; send HTTP/1.1` }
  if (rawHeaders.length > 2 * MOST_HEADERS)
    return { reason: 'headers_too_large', technical: `at most ${MOST_HEADERS} headers are accepted` }
  if (url.length > LONGEST_TARGET) return { reason: 'uri_too_long', technical: `at most ${LONGEST_TARGET} characters are accepted` }
  const is1point0 = httpVersion === '1.0'
  const hosts = countHosts(rawHeaders)
  if (hosts > 1 || (hosts === 0 && !is1point0)) return bad(`a request has one Host header, this one has ${hosts}`)
  if (hosts === 1 && headers.host !== lastHost) {
    if (!HOST.test(headers.host!)) return bad('the Host header is not a host and a port')
    lastHost = headers.host!
  }
  return (
    targetProblem(url, method!) ??
    framingProblem(headers['transfer-encoding'], is1point0) ??
    (is1point0 ? undefined : (upgradeProblem(headers.upgrade) ?? expectationProblem(headers.expect))) ??
    grpcProblem(headers['content-type']) ??
    forwardsProblem(joined(headers['max-forwards']), method!)
  )
}

// Names of four characters are few: the others are not looked at any further.
function countHosts(rawHeaders: readonly string[]): number {
  let hosts = 0
  for (let at = 0; at < rawHeaders.length; at += 2) if (rawHeaders[at]!.length === 4 && rawHeaders[at]!.toLowerCase() === 'host') hosts++
  return hosts
}

function targetProblem(url: string, method: string): Refusal | undefined {
  if (url === '*' && method === 'OPTIONS') return undefined
  if (!url.startsWith('/') && !/^https?:\/\/[^/?#]/i.test(url)) return bad('the target is neither a path nor an http URL')
  if (!ILLEGAL.test(url)) return undefined
  const [broken] = /%(?![\da-f]{2}).{0,2}/i.exec(url) ?? []
  return bad(
    broken === undefined ? 'the target has characters that no target may have' : `the target has a "${broken}" that stands for no byte`,
  )
}

function framingProblem(encoding: string | undefined, is1point0: boolean): Refusal | undefined {
  if (encoding === undefined) return undefined
  if (is1point0) return bad('HTTP/1.0 has no Transfer-Encoding')
  const codings = encoding.split(',').map((coding) => coding.trim().toLowerCase())
  if (codings.length === 1 && codings[0] === CHUNKED) return undefined
  if (codings.indexOf(CHUNKED) !== codings.length - 1) return bad('chunked must be the last transfer coding, and the only one of its kind')
  return { reason: 'not_implemented', technical: 'the only transfer coding understood is chunked' }
}

// To ignore an upgrade is allowed, but would turn a WebSocket into a GET that its client did not mean.
function upgradeProblem(upgrade: string | undefined): Refusal | undefined {
  if (upgrade === undefined) return undefined
  return { reason: 'not_implemented', technical: 'no protocol is upgraded to: not WebSocket, not h2c; send the request without Upgrade' }
}

function expectationProblem(expect: string | undefined): Refusal | undefined {
  if (expect === undefined || expect.trim().toLowerCase() === '100-continue') return undefined
  return { reason: 'expectation_failed', technical: 'the only expectation understood is 100-continue' }
}

// gRPC needs HTTP/2. gRPC-Web (application/grpc-web…) does not.
function grpcProblem(contentType: string | undefined): Refusal | undefined {
  if (contentType === undefined || !/^\s*application\/grpc(?!-web)/i.test(contentType)) return undefined
  return { reason: 'not_implemented', technical: 'gRPC needs HTTP/2, which is not spoken here; gRPC-Web passes' }
}

function forwardsProblem(maxForwards: string | undefined, method: string): Refusal | undefined {
  if (maxForwards === undefined || (method !== 'TRACE' && method !== 'OPTIONS')) return undefined
  if (!/^\d{1,9}$/.test(maxForwards)) return bad('Max-Forwards is not a number')
  if (method === 'OPTIONS' || Number(maxForwards) > 0) return undefined
  return { reason: 'not_implemented', technical: 'Max-Forwards is 0, and the gateway itself reflects no request' }
}

/** Whether the gateway itself is asked what it can do: `OPTIONS *`, or an OPTIONS that may be forwarded no more (RFC 9110 §7.6.2). */
export function asksGatewayOptions({ method, url, headers }: IncomingMessage): boolean {
  return method === 'OPTIONS' && (url === '*' || Number(headers['max-forwards'] ?? 1) === 0)
}

function bad(technical: string): Refusal {
  return { reason: 'bad_request', technical }
}
