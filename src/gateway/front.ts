// The gateway's HTTP server: what it accepts, whose each request is, and what it answers to what is no request.
//
//   bytes ─▶ parser ─▶ message rules ─┬─▶ first segment names an upstream ─▶ Exchange
//               │             │       └─▶ anything else ──────────────────▶ fastify: health, admin, not found
//               └─────────────┴─▶ a refusal in the envelope
import { createServer, type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { marks, REQUEST_ID } from '../contract/headers.ts'
import type { Ms } from '../kernel/clock.ts'
import { connectionOf } from './request/client-connection.ts'
import { headCheckEvery, headTooLate } from './request/head-time.ts'
import { isUsableId } from './request/headers.ts'
import { asksGatewayOptions, LONGEST_TARGET, messageProblem } from './request/message-rules.ts'
import { newId, type Refusal, refusalAnswer } from './request/refusal.ts'
import { firstSegment, originForm } from './request/target.ts'

export type Take = (request: IncomingMessage, response: ServerResponse) => void

export interface FrontOptions {
  /** By upstream name: takes the requests whose first segment names it. */
  upstreams: ReadonlyMap<string, Take>
  /** Takes all others. */
  others: Take
  /** A request's head arrives within it. */
  headTimeout: Ms
}

// A client that takes longer to send its request is cut off: it holds a connection and memory. Bodies have limits of their own.
const REQUEST_TIMEOUT: Ms = 300_000
const KEEP_ALIVE: Ms = 72_000
/** Bytes of a request's head. */
const MOST_HEAD_BYTES = 16 * 1024

/** What is answered here waits for nothing. */
const AT_ONCE = [marks.responseTime, '0.0ms']

const ALLOWED = 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS'

export function createFront({ upstreams, others, headTimeout }: FrontOptions): Server {
  const take: Take = (request, response) => {
    const problem = messageProblem(request)
    if (problem) return refuse(request, response, problem)
    const url = request.url!
    const upstream = upstreams.get(firstSegment(url) ?? '')
    if (asksGatewayOptions(request)) return void response.writeHead(204, ['allow', ALLOWED, ...AT_ONCE]).end()
    if (upstream) return upstream(request, response)
    request.url = originForm(url)
    others(request, response)
  }
  const server = createServer(
    {
      maxHeaderSize: MOST_HEAD_BYTES,
      // The rules ask for it, and answer in the envelope.
      requireHostHeader: false,
      requestTimeout: REQUEST_TIMEOUT,
      headersTimeout: Math.ceil(headTimeout),
      connectionsCheckingInterval: headCheckEvery(headTimeout),
      keepAliveTimeout: KEEP_ALIVE,
    },
    take,
  )
  // Node leaves out what is beyond this number, and tells nobody. The rules count.
  server.maxHeadersCount = 0
  server.on('checkContinue', take).on('checkExpectation', take)
  server.on('connect', (_request: IncomingMessage, socket: Socket) => {
    const refusal: Refusal = { reason: 'not_implemented', technical: 'no tunnels are made here: CONNECT is for forward proxies' }
    // What came before it on this connection is answered first.
    connectionOf(socket).endWith(() => write(socket, refusal))
  })
  return server
}

/** For bytes that are no request. */
export function answerParser(error: ParseError, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) socket.destroy()
  else connectionOf(socket).fail(() => write(socket, parserRefusal(error)))
}

function refuse(request: IncomingMessage, response: ServerResponse, refusal: Refusal): void {
  const brought = request.headers[REQUEST_ID]
  const { status, headers, body } = refusalAnswer(refusal, typeof brought === 'string' && isUsableId(brought) ? brought : newId(), 0)
  // What follows on this connection may be what this request meant by its body.
  headers.push('connection', 'close', ...AT_ONCE)
  response.writeHead(status, headers).end(request.method === 'HEAD' ? undefined : body)
}

interface ParseError {
  code?: string
  message: string
  /** Where in the packet it stopped. */
  bytesParsed?: number
  rawPacket?: unknown
}

/** What a parser's error means to its client. */
function parserRefusal({ code = '', message, rawPacket, bytesParsed = 0 }: ParseError): Refusal {
  const packet = Buffer.isBuffer(rawPacket) ? rawPacket.toString('latin1') : ''
  const start = packet.slice(packet.lastIndexOf('\n', bytesParsed - 1) + 1)
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return headTooLate
  if (code === 'HPE_HEADER_OVERFLOW')
    return packet.slice(0, LONGEST_TARGET).includes('\n') || packet.length < LONGEST_TARGET
      ? { reason: 'headers_too_large', technical: `a request's head has at most ${MOST_HEAD_BYTES} bytes` }
      : { reason: 'uri_too_long', technical: `at most ${LONGEST_TARGET} characters are accepted` }
  if (code === 'HPE_CHUNK_EXTENSIONS_OVERFLOW') return { reason: 'request_too_large', technical: 'the chunk extensions are too long' }
  if (packet.startsWith('PRI * HTTP/2') || code === 'HPE_INVALID_VERSION')
    return { reason: 'version_not_supported', technical: 'only HTTP/1.1 and HTTP/1.0 are spoken here' }
  if (code === 'HPE_INVALID_METHOD' && /^[A-Z]{1,32} \S+ HTTP\/1\.\d\r?\n/.test(start))
    return { reason: 'not_implemented', technical: 'the method is not known here' }
  return { reason: 'bad_request', technical: message }
}

/** Answers where no response object exists, and ends the connection. */
function write(socket: Duplex, refusal: Refusal): void {
  if (!socket.writable) return
  const { status, headers, body } = refusalAnswer(refusal, newId(), 0)
  headers.push('connection', 'close', ...AT_ONCE)
  const lines = [`HTTP/1.1 ${status} ${STATUS_CODES[status]}`]
  for (let at = 0; at < headers.length; at += 2) lines.push(`${headers[at]}: ${headers[at + 1]}`)
  socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`)
  // What else it sends is not read as a request, and not kept.
  socket.on('error', () => {}).resume()
}
