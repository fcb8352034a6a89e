// One client request, from its head to the last byte of its answer: HTTP around what the policies decide.
//
//   admission: stopping, client's rate limit, in-flight caps ─▶ its turn on the connection ─▶ body ─▶ serve ─▶ response | substitute | refusal
//
// Exactly one head is written to the client. When the client goes away first, everything under way for it ends at once. A throw anywhere
// on the way is answered too: nobody waits for ever, and no other request is touched.
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import { REQUEST_ID, marks } from '../../contract/headers.ts'
import { idempotentMethods } from '../../contract/methods.ts'
import { refusals } from '../../contract/refusals.ts'
import type { Ms } from '../../kernel/clock.ts'
import { drive, type Driven } from '../../policies/drive.ts'
import { serve, type Served, type ServedRefusal, type ServedResponse, type ServeRequest } from '../../policies/serve.ts'
import type { Expiring } from '../upstream/deadlines.ts'
import { openAttempts } from '../upstream/open-attempts.ts'
import type { Transfer, Witness } from '../upstream/transfer.ts'
import type { Upstream } from '../upstream/upstream.ts'
import type { CachedRequest } from '../cache/answer-cache.ts'
import type { KeptResponse } from '../cache/kept-response.ts'
import type { Admission, Ending } from './admission.ts'
import { connectionOf, type ParserFailure, type Piece } from './client-connection.ts'
import { acceptedCodings } from './content-codings.ts'
import { forwardedHeaders, pseudonym, tellTheWay } from './forwarding.ts'
import { type FlatHeaders, requestHeaders, responseHeaders, responseTrailers } from './headers.ts'
import { type BodyRead, readBody } from './read-body.ts'
import { newId, type Refusal, refusalAnswer } from './refusal.ts'
import { substituteResponse } from './substitute-response.ts'
import { belowFirstSegment, leavesBase } from './target.ts'

const LINGER: Ms = 500
/** Bytes of a body that it is cheaper to read than to close the connection for. */
const SMALL = 64 * 1024
/** Interim responses that are passed on for one request; more say nothing new. */
const MOST_INTERIM = 8

export class Exchange implements Piece, Witness, Expiring {
  deadline: Expiring['deadline']
  readonly #admission: Admission
  readonly #upstream: Upstream
  readonly #request: IncomingMessage
  readonly #response: ServerResponse
  readonly #began: Ms
  readonly #sent: FlatHeaders
  readonly #id: string
  readonly #asked: ServeRequest<KeptResponse>
  /** Undefined unless the upstream's fallback is a cache. */
  #cached: CachedRequest | undefined
  /** Below the upstream's base URL. */
  readonly #path: string
  readonly #loops: boolean
  #body: Buffer | undefined
  #reading = false
  #atWork = false
  #interims = 0
  #isOver = false
  /** Of the answer, as of the last look at a client that does not read. */
  #unsent = Infinity
  #driven: Driven | undefined
  /** What is being handed on as it arrives. */
  #streaming: Transfer | undefined
  /** What the head has told the client; without one, the client has gone before it. */
  #ending: Ending = { status: 0, outcome: 'client_gone', reason: 'none', attempts: 0 }

  constructor(admission: Admission, upstream: Upstream, request: IncomingMessage, response: ServerResponse) {
    this.#admission = admission
    this.#upstream = upstream
    this.#request = request
    this.#response = response
    this.#began = admission.clock.now()
    const { forwarded } = admission.settings
    const dropped = forwarded === 'pass' ? undefined : forwardedHeaders
    const { sent, requestId, idempotencyKey, via } = requestHeaders(request.rawHeaders, request.headers.connection, newId, dropped)
    tellTheWay(sent, request, forwarded)
    this.#sent = sent
    this.#id = requestId
    this.#path = belowFirstSegment(request.url!)
    this.#loops = via.includes(pseudonym)
    const method = request.method!
    this.#asked = {
      method,
      idempotent: idempotencyKey || idempotentMethods.has(method),
      replayable: true,
      cacheable: undefined,
    }
  }

  /** Takes the request in, or refuses it. It begins when its turn comes on its connection. */
  enter(): void {
    const refusal = this.#refusal() ?? this.#admission.refusal(this.#request)
    this.#admission.inFlight++
    this.#response.on('close', () => this.gone())
    try {
      const connection = connectionOf(this.#request.socket)
      connection.note(this)
      if (refusal) this.#refuseUnread(refusal)
      else connection.enter(this)
    } catch (error) {
      this.defect(error)
    }
  }

  begin(): void {
    this.#upstream.inFlight++
    this.#atWork = true
    const refusal = this.#admission.refusalAtTurn(this.#upstream)
    if (refusal) return this.#refuseUnread(refusal)
    const { settings, bodies, clock } = this.#admission
    const { deadlines } = this.#upstream.transfers
    const limits = { maxBytes: settings.maxRequestBytes, room: bodies, timeout: settings.bodyTimeout, deadlines, clock }
    this.#reading = true
    readBody(this.#request, limits, (read) => {
      this.#reading = false
      try {
        this.#received(read)
      } catch (error) {
        this.defect(error)
      }
    })
    // The client is told to send its body only now, when nothing speaks against it.
    if (this.#reading && this.#request.headers.expect !== undefined && this.#request.httpVersion === '1.1') this.#response.writeContinue()
  }

  #refusal(): Refusal | undefined {
    if (this.#loops)
      return { reason: 'loop', technical: `its Via header names this gateway: upstream '${this.#upstream.name}' leads back here` }
    return leavesBase(this.#path)
      ? { reason: 'bad_request', technical: `the path leaves the upstream '${this.#upstream.name}'` }
      : undefined
  }

  #received(read: BodyRead): void {
    if (read.is !== 'whole') return this.#unread(read)
    this.#body = read.body
    // The client may also have gone while a compressed body was being measured.
    if (this.#isOver) return this.#giveRoomBack()
    const { stack, standIn, cache, transfers } = this.#upstream
    const asked = { method: this.#asked.method, path: this.#path, headers: this.#sent, body: read.body }
    const open = openAttempts(this.#upstream, asked, this)
    this.#cached = this.#asked.cacheable = cache?.request(asked)
    this.#driven = drive(serve(stack, standIn?.stack, this.#asked), { clock: transfers.deadlines, open }, (served, transfer) => {
      try {
        this.#answer(served, transfer)
      } catch (error) {
        this.defect(error)
      }
    })
  }

  /** The body has not become whole. */
  #unread(read: Exclude<BodyRead, { is: 'whole' }>): void {
    if (read.is === 'gone' || this.#isOver) return
    if (read.is === 'too_large') return this.#refuseTooLarge(read.contentLength)
    if (read.is === 'no_room') this.#refuseUnread({ reason: 'in_flight_cap', technical: 'the bodies of all requests take what they may' })
    else if (read.is === 'too_slow') this.#refuseUnread({ reason: 'request_timeout', technical: 'the body did not arrive in time' })
    else this.#refuseUnread({ reason: 'unsupported_coding', technical: `content codings that can be measured: ${acceptedCodings}` })
  }

  interim(status: number, headers: IncomingHttpHeaders): void {
    const response = this.#response
    if (response.headersSent || this.#request.httpVersion !== '1.1' || ++this.#interims > MOST_INTERIM || !response.socket) return
    if (status < 102) return
    try {
      const told = pairs(responseHeaders(headers))
      // Node 24 knows 103 alone.
      if ('writeInformation' in response) response.writeInformation(status, told)
      else if (status === 103) (response as ServerResponse).writeEarlyHints(told)
    } catch {
      // A hint that cannot be passed on is no reason to lose the answer.
    }
  }

  /** Something was thrown that nobody caught. This request is answered or cut off; policies get back what it holds. */
  defect(error: unknown): void {
    this.#admission.tellDefect(this.#upstream, this.#id, error)
    try {
      this.#driven?.abort()
    } catch {
      // The pipeline itself has failed: it is over.
    }
    if (this.#response.headersSent) this.#response.destroy()
    else this.#refuse({ reason: 'internal', technical: 'an error of the gateway itself; its log has more' })
  }

  parserFailed(failure: ParserFailure): boolean {
    if (!this.#reading || this.#response.headersSent) return false
    this.#ending = { ...this.#ending, outcome: 'refused', reason: 'bad_request' }
    failure()
    return true
  }

  /** Looks at a client that has its whole answer to read. One that took none of it since the last look is cut off. */
  expire(): void {
    const unsent = this.#response.writableLength
    if (this.#response.socket && unsent >= this.#unsent) return void this.#request.socket.destroy()
    this.#unsent = this.#response.socket ? unsent : Infinity
    this.#watchReader()
  }

  #watchReader(): void {
    const { deadlines, streamIdle } = this.#upstream.transfers
    deadlines.set(this, streamIdle)
  }

  #end(body: string | Buffer | undefined): void {
    this.#response.end(body)
    if (this.#response.writableLength > 0) this.#watchReader()
  }

  #answer(served: Served<KeptResponse>, transfer: Transfer | undefined): void {
    if (served.outcome === 'client_gone') this.#ending.attempts = served.attempts
    else if (served.source === 'none') this.#refuse(refusalOf(this.#upstream.name, served), served.attempts)
    else if ('substitute' in served) {
      const { status, headers, body } = substituteResponse(served.substitute)
      this.#writeHead(status, headers, served)
      this.#end(this.#request.method === 'HEAD' ? undefined : body)
    } else this.#deliver(served, transfer!)
  }

  #deliver(served: ServedResponse, transfer: Transfer): void {
    const { status } = transfer
    // RFC 9110 §8.6, §15.3.6: no length with 204, no content with 205.
    const asReceived = responseHeaders(transfer.headers)
    let headers = status === 204 || status === 205 ? withoutLength(asReceived) : asReceived
    const body = transfer.isWhole && status !== 205 ? transfer.body() : undefined
    if (this.#cached && served.source === 'upstream') {
      const tookMs = this.#admission.clock.now() - transfer.effect.startedAt
      this.#cached.hear({ status, headers: transfer.headers, body, tookMs }, transfer.isWhole)
    }
    if (!transfer.isWhole) {
      if (status === 205) return this.#refuseAnswer(served, transfer, 'a 205 with a body')
      this.#writeHead(status, headers, served)
      this.#streaming = transfer
      transfer.stream(this.#response, served.deadline)
      return
    }
    const trailers = this.#request.httpVersion === '1.1' && body ? responseTrailers(transfer.trailers) : []
    const bodiless = this.#request.method === 'HEAD' || status === 204 || status === 304
    if (status === 205) headers.push('content-length', '0')
    else if (trailers.length > 0) headers = withoutLength(headers)
    else if (transfer.headers['content-length'] === undefined && !bodiless) headers.push('content-length', String(body?.length ?? 0))
    if (trailers.length > 0) headers.push('trailer', trailers.map(([name]) => name).join(', '))
    this.#writeHead(status, headers, served)
    if (trailers.length > 0) this.#response.addTrailers(trailers)
    this.#end(body)
  }

  #writeHead(status: number, headers: FlatHeaders, served: Exclude<Served<KeptResponse>, { source: 'none' }>): void {
    const { source, outcome, reason, attempts } = served
    headers.push(REQUEST_ID, this.#id, marks.outcome, outcome, marks.attempts, String(attempts))
    if (source !== 'upstream') headers.push(marks.fallback, source, marks.fallbackReason, reason)
    this.#startAnswer(headers, { status, outcome, reason, attempts })
  }

  /** The upstream's answer cannot be handed on. */
  #refuseAnswer({ attempts }: ServedResponse, transfer: Transfer, what: string): void {
    transfer.giveUp()
    this.#refuse({ reason: 'body_broken', technical: `${this.#upstream.name}: ${what}` }, attempts)
  }

  /** The rest of a small body is thrown away as it comes. For more, or where none may come, the connection closes. */
  #refuseUnread(refusal: Refusal): void {
    const { 'content-length': length = '0', 'transfer-encoding': encoding, expect } = this.#request.headers
    const comes = encoding === undefined && expect === undefined && Number(length) <= SMALL && refusal.reason !== 'request_timeout'
    this.#refuse(refusal, 0, !comes && !this.#request.complete)
  }

  #refuse(refusal: Refusal, attempts = 0, andClose = false): void {
    const { reason } = refusal
    const { status, headers, body } = refusalAnswer(refusal, this.#id, attempts)
    if (reason === 'unsupported_coding') headers.push('accept-encoding', acceptedCodings)
    if (andClose && !this.#admission.stopping) return this.#refuseAndClose(status, headers, body, refusal)
    this.#startAnswer(headers, { status, outcome: refusals[reason].outcome, reason, attempts })
    this.#end(this.#request.method === 'HEAD' ? undefined : body)
  }

  #startAnswer(headers: FlatHeaders, ending: Ending): void {
    this.#ending = ending
    headers.push(marks.responseTime, `${this.#elapsed().toFixed(1)}ms`)
    if (this.#admission.stopping) headers.push('connection', 'close')
    this.#response.writeHead(ending.status, headers)
  }

  // A client that is still sending never reads the answer if its connection is closed at once. So the rest of its body is read
  // and thrown away for a moment; then the connection closes.
  #refuseTooLarge(contentLength: number | undefined): void {
    const { maxRequestBytes } = this.#admission.settings
    const size = contentLength === undefined ? 'more' : `${contentLength} bytes`
    const refusal: Refusal = {
      reason: 'request_too_large',
      technical: `the limit is ${maxRequestBytes} bytes, the body has ${size}`,
      detail: `At most ${maxRequestBytes} bytes are accepted.`,
    }
    const { status, headers, body } = refusalAnswer(refusal, this.#id, 0)
    this.#refuseAndClose(status, headers, body, refusal)
  }

  #refuseAndClose(status: number, headers: FlatHeaders, body: string, { reason }: Refusal): void {
    headers.push('connection', 'close')
    this.#startAnswer(headers, { status, outcome: refusals[reason].outcome, reason, attempts: 0 })
    if (this.#request.method !== 'HEAD') this.#response.write(body)
    if (this.#request.complete) return this.#end(undefined)
    const end = (): void => void this.#response.end()
    const enough = this.#admission.clock.after(LINGER, end)
    this.#request.on('close', enough).on('end', end).resume()
  }

  #elapsed(): Ms {
    return this.#admission.clock.now() - this.#began
  }

  #giveRoomBack(): void {
    this.#admission.bodies.bytes -= this.#body?.length ?? 0
    this.#body = undefined
  }

  /** Its answer has left, or the client has. Called more than once: of an answer that waits for others, Node tells no end. */
  gone(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#upstream.transfers.deadlines.lift(this)
    this.#admission.inFlight--
    if (this.#atWork) this.#upstream.inFlight--
    this.#giveRoomBack()
    // The head of an answer that began before the stop did not say that the connection would close.
    if (this.#admission.stopping) this.#request.socket.end()
    if (!this.#response.writableFinished) {
      const cut = this.#streaming?.cut
      if (cut) this.#ending = { ...this.#ending, outcome: cut === 'timeout' ? 'timeout' : 'connection_error', reason: 'body_broken' }
      else {
        this.#ending = { ...this.#ending, outcome: 'client_gone', reason: 'none' }
        this.#driven?.abort()
      }
    }
    this.#admission.count(this.#upstream, this.#id, this.#ending, this.#elapsed())
    connectionOf(this.#request.socket).leave(this)
  }
}

function refusalOf(upstream: string, { reason, attempts, why, retryAfterMs }: ServedRefusal): Refusal {
  if (why !== undefined) return { reason, technical: `${upstream}: ${reason} after ${attempts} attempts (${why})` }
  const technical = reason === 'circuit_open' ? `circuit breaker '${upstream}' is open` : `${upstream}: ${reason}`
  return retryAfterMs > 0 ? { reason, technical, retryAfter: Math.ceil(retryAfterMs / 1000) } : { reason, technical }
}

function withoutLength(headers: FlatHeaders): FlatHeaders {
  const kept: FlatHeaders = []
  for (let at = 0; at < headers.length; at += 2) if (headers[at] !== 'content-length') kept.push(headers[at]!, headers[at + 1]!)
  return kept
}

function pairs(headers: FlatHeaders): Record<string, string | string[]> {
  const byName: Record<string, string | string[]> = Object.create(null) // names come from the upstream
  for (let at = 0; at < headers.length; at += 2) {
    const name = headers[at]!
    const before = byName[name]
    byName[name] = before === undefined ? headers[at + 1]! : [before, headers[at + 1]!].flat()
  }
  return byName
}
