// The one answer that a client gets to its request: the upstream's, one in its place, or a refusal in the gateway's own name.
//
//   interim responses ─▶ head, exactly one ─▶ body: whole ────────────────▶ watched while its client reads
//                                                  or as it arrives ──────▶ left to its transfer
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import { REQUEST_ID, marks } from '../../contract/headers.ts'
import { refusals } from '../../contract/refusals.ts'
import type { Ms } from '../../kernel/clock.ts'
import type { Served, ServedResponse } from '../../policies/serve.ts'
import type { KeptResponse } from '../cache/kept-response.ts'
import type { Expiring } from '../upstream/deadlines.ts'
import type { Transfer } from '../upstream/transfer.ts'
import type { Upstream } from '../upstream/upstream.ts'
import type { Admission, Ending } from './admission.ts'
import type { ParserFailure } from './client-connection.ts'
import { acceptedCodings } from './content-codings.ts'
import { byName, type FlatHeaders, responseHeaders, responseTrailers, withoutLength } from './headers.ts'
import { endAfterBody } from './linger.ts'
import { type Refusal, refusalAnswer, servedRefusal } from './refusal.ts'
import { substituteResponse } from './substitute-response.ts'

/** Bytes of a body that it is cheaper to read than to close the connection for. */
const SMALL = 64 * 1024
/** Interim responses that are passed on for one request; more say nothing new. */
const MOST_INTERIM = 8

export class ClientAnswer implements Expiring {
  deadline: Expiring['deadline']
  readonly id: string
  readonly #began: Ms
  readonly #admission: Admission
  readonly #upstream: Upstream
  readonly #request: IncomingMessage
  readonly #response: ServerResponse
  #interims = 0
  /** As of the last look at a client that does not read. */
  #unsent = Infinity
  /** What is being handed on as it arrives. */
  #streaming: Transfer | undefined
  /** What the head has told the client; without one, the client has gone before it. */
  #ending: Ending = { status: 0, outcome: 'client_gone', reason: 'none', attempts: 0 }

  /** `id`: of the request. */
  constructor(id: string, admission: Admission, upstream: Upstream, request: IncomingMessage, response: ServerResponse) {
    this.id = id
    this.#began = admission.clock.now()
    this.#admission = admission
    this.#upstream = upstream
    this.#request = request
    this.#response = response
  }

  get hasBegun(): boolean {
    return this.#response.headersSent
  }

  interim(status: number, headers: IncomingHttpHeaders): void {
    const response = this.#response
    if (response.headersSent || this.#request.httpVersion !== '1.1' || ++this.#interims > MOST_INTERIM || !response.socket) return
    if (status < 102) return
    try {
      const told = byName(responseHeaders(headers))
      // Node 24 knows 103 alone.
      if ('writeInformation' in response) response.writeInformation(status, told)
      else if (status === 103) (response as ServerResponse).writeEarlyHints(told)
    } catch {
      // A hint that cannot be passed on is no reason to lose the answer.
    }
  }

  /** What the policies have decided. `transfer`: of the response that is part of it. */
  give(served: Served<KeptResponse>, transfer: Transfer | undefined): void {
    if (served.outcome === 'client_gone') this.#ending.attempts = served.attempts
    else if (served.source === 'none') this.refuse(servedRefusal(this.#upstream.name, served), served.attempts)
    else if ('substitute' in served) {
      const { status, headers, body } = substituteResponse(served.substitute)
      this.#writeHead(status, headers, served)
      this.#end(this.#request.method === 'HEAD' ? undefined : body)
    } else if (transfer!.isWhole) this.#giveWhole(served, transfer!)
    else this.#handOn(served, transfer!)
  }

  refuse(refusal: Refusal, attempts = 0): void {
    const body = this.#startRefusal(refusal, attempts)
    this.#end(this.#request.method === 'HEAD' ? undefined : body)
  }

  /** The rest of a small body is thrown away as it comes. For more, or where none may come, the connection closes. */
  refuseUnread(refusal: Refusal): void {
    const { 'content-length': length = '0', 'transfer-encoding': encoding, expect } = this.#request.headers
    const comes = encoding === undefined && expect === undefined && Number(length) <= SMALL && refusal.reason !== 'request_timeout'
    if (comes || this.#request.complete || this.#admission.stopping) this.refuse(refusal)
    else this.refuseAndClose(refusal)
  }

  refuseAndClose(refusal: Refusal): void {
    const body = this.#startRefusal(refusal, 0, ['connection', 'close'])
    if (this.#request.method !== 'HEAD') this.#response.write(body)
    if (this.#request.complete) return this.#end(undefined)
    endAfterBody(this.#request, this.#admission.clock, () => void this.#response.end())
  }

  /** Leaves the answer to the parser, unless it has begun. */
  leaveTo(failure: ParserFailure): boolean {
    if (this.#response.headersSent) return false
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

  /** It has left, or its client has. True: the client has gone before its end. */
  close(): boolean {
    this.#upstream.transfers.deadlines.lift(this)
    if (this.#response.writableFinished) return false
    const cut = this.#streaming?.cut
    if (cut) this.#ending = { ...this.#ending, outcome: cut === 'timeout' ? 'timeout' : 'connection_error', reason: 'body_broken' }
    else this.#ending = { ...this.#ending, outcome: 'client_gone', reason: 'none' }
    return !cut
  }

  count(): void {
    this.#admission.count(this.#upstream, this.id, this.#ending, this.#elapsed())
  }

  #giveWhole(served: ServedResponse, transfer: Transfer): void {
    const { status } = transfer
    const { httpVersion, method } = this.#request
    const body = status === 205 ? undefined : transfer.body()
    const trailers = httpVersion === '1.1' && body ? responseTrailers(transfer.trailers) : []
    let headers = headersOf(transfer)
    const bodiless = method === 'HEAD' || status === 204 || status === 304
    if (status === 205) headers.push('content-length', '0')
    else if (trailers.length > 0) headers = withoutLength(headers)
    else if (transfer.headers['content-length'] === undefined && !bodiless) headers.push('content-length', String(body?.length ?? 0))
    if (trailers.length > 0) headers.push('trailer', trailers.map(([name]) => name).join(', '))
    this.#writeHead(status, headers, served)
    if (trailers.length > 0) this.#response.addTrailers(trailers)
    this.#end(body)
  }

  #handOn(served: ServedResponse, transfer: Transfer): void {
    if (transfer.status === 205) {
      transfer.giveUp()
      return this.refuse({ reason: 'body_broken', technical: `${this.#upstream.name}: a 205 with a body` }, served.attempts)
    }
    this.#writeHead(transfer.status, headersOf(transfer), served)
    this.#streaming = transfer
    transfer.stream(this.#response, served.deadline)
  }

  #writeHead(status: number, headers: FlatHeaders, served: Exclude<Served<KeptResponse>, { source: 'none' }>): void {
    const { source, outcome, reason, attempts } = served
    headers.push(REQUEST_ID, this.id, marks.outcome, outcome, marks.attempts, String(attempts))
    if (source !== 'upstream') headers.push(marks.fallback, source, marks.fallbackReason, reason)
    this.#startAnswer(headers, { status, outcome, reason, attempts })
  }

  #startRefusal(refusal: Refusal, attempts: number, more: FlatHeaders = []): string {
    const { reason } = refusal
    const { status, headers, body } = refusalAnswer(refusal, this.id, attempts)
    if (reason === 'unsupported_coding') headers.push('accept-encoding', acceptedCodings)
    headers.push(...more)
    this.#startAnswer(headers, { status, outcome: refusals[reason].outcome, reason, attempts })
    return body
  }

  #startAnswer(headers: FlatHeaders, ending: Ending): void {
    this.#ending = ending
    headers.push(marks.responseTime, `${this.#elapsed().toFixed(1)}ms`)
    if (this.#admission.stopping) headers.push('connection', 'close')
    this.#response.writeHead(ending.status, headers)
  }

  #end(body: string | Buffer | undefined): void {
    this.#response.end(body)
    if (this.#response.writableLength > 0) this.#watchReader()
  }

  #watchReader(): void {
    const { deadlines, streamIdle } = this.#upstream.transfers
    deadlines.set(this, streamIdle)
  }

  #elapsed(): Ms {
    return this.#admission.clock.now() - this.#began
  }
}

/** RFC 9110 §8.6, §15.3.6: no length with 204, no content with 205. */
function headersOf({ status, headers }: Transfer): FlatHeaders {
  const received = responseHeaders(headers)
  return status === 204 || status === 205 ? withoutLength(received) : received
}
