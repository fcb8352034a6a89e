// One client request, from its head to the last byte of its answer: the gateway's edge around a call.
//
//   client's rate limit ─▶ in-flight cap ─▶ size limit ─▶ call through the policies (driver.ts) ─▶ answer | fallback | refusal
//
// Exactly one head is written to the client. When the client goes away first, everything under way for it ends at once.
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Dispatcher } from 'undici'
import { REQUEST_ID, marks } from '../../contract/headers.ts'
import { idempotentMethods } from '../../contract/methods.ts'
import type { Ms } from '../../kernel/clock.ts'
import type { CallRequest, CallResult } from '../../policies/effects.ts'
import { type BodyRead, readBody } from './body.ts'
import { CallDriver } from '../upstream/call-driver.ts'
import type { Edge, Ending } from './admission.ts'
import { type Failure, failureOf, refusalOf } from './failure.ts'
import { type FlatHeaders, requestHeaders, responseHeaders } from './headers.ts'
import { type KeptAnswer, staticAnswer } from './substitute-response.ts'
import { questionOf } from './cache-key.ts'
import { newId, type Refusal, refusalAnswer } from './refusal.ts'
import { refusals } from '../../contract/refusals.ts'
import type { Transfer } from '../upstream/transfer.ts'
import type { Upstream } from '../upstream/upstream.ts'

const LINGER: Ms = 500

export class Exchange {
  readonly #edge: Edge
  readonly #upstream: Upstream
  readonly #request: IncomingMessage
  readonly #response: ServerResponse
  readonly #began: Ms
  readonly #sent: FlatHeaders
  readonly #id: string
  readonly #callRequest: CallRequest
  #body: Buffer | undefined
  #driver: CallDriver | undefined
  /** Which fallback is answering, once the upstream itself could not, and why it could not. */
  #fallback: { kind: string; reason: string; attempts: number } | undefined
  /** How the upstream itself failed; kept for the case that its stand-in fails too. */
  #failure: Failure | undefined
  /** What is being handed on as it arrives. */
  #streaming: Transfer | undefined
  /** What the head has told the client; without one, the client has gone before it. */
  #ending: Ending = { status: 0, outcome: 'client_gone', reason: 'none', attempts: 0 }

  constructor(edge: Edge, upstream: Upstream, request: IncomingMessage, response: ServerResponse) {
    this.#edge = edge
    this.#upstream = upstream
    this.#request = request
    this.#response = response
    this.#began = edge.clock.now()
    const { sent, requestId, idempotencyKey } = requestHeaders(request.rawHeaders, request.headers.connection, newId)
    this.#sent = sent
    this.#id = requestId
    const method = request.method!
    this.#callRequest = { method, idempotent: idempotencyKey || idempotentMethods.has(method), replayable: true }
  }

  begin(): void {
    const refusal = this.#edge.refusal(this.#request)
    this.#edge.inFlight++
    this.#response.on('close', () => this.#closed())
    if (refusal) return this.#refuse(refusal)
    readBody(this.#request, this.#edge.settings.maxRequestBytes, (read) => this.#received(read))
  }

  #received(read: BodyRead): void {
    if (read.is === 'too_large') return this.#refuseTooLarge(read.contentLength)
    // It may also have gone while a compressed body was being measured.
    if (read.is === 'gone' || this.#response.destroyed) return
    this.#body = read.body
    this.#call(this.#upstream)
  }

  #call(upstream: Upstream): void {
    const { method, url } = this.#request
    const options: Dispatcher.DispatchOptions = {
      method: method!,
      path: upstream.pathOf(url!),
      headers: this.#sent,
      body: this.#body ?? null,
    }
    this.#driver = new CallDriver(upstream, this.#callRequest, options, (result, transfer) => this.#concluded(result, transfer))
    this.#driver.start()
  }

  #concluded(result: CallResult, transfer: Transfer | undefined): void {
    if (result.is === 'aborted') this.#ending.attempts = result.attempts
    else if (result.is === 'answered') {
      this.#failure?.transfer?.giveUp()
      this.#deliver(transfer!, result.attempts, result.deadline, 'none')
    } else if (this.#failure) {
      // The stand-in failed as well: the first error is the one to tell.
      transfer?.giveUp()
      this.#fallback = undefined
      this.#handOn(this.#failure)
    } else {
      this.#failure = failureOf(result, transfer)
      if (!this.#fallBack(this.#failure)) this.#handOn(this.#failure)
    }
  }

  #handOn(failure: Failure): void {
    const { reason, result, transfer } = failure
    if (reason === 'upstream_status') this.#deliver(transfer, result.attempts, result.deadline, reason)
    else this.#refuse(refusalOf(this.#upstream.name, failure), result.attempts)
  }

  #deliver(transfer: Transfer, attempts: number, deadline: Ms, reason: string): void {
    if (!transfer.isWhole && !transfer.isOffered) {
      return this.#refuse({ reason: 'body_broken', technical: `${this.#upstream.name}: the answer broke off` }, attempts)
    }
    const { status } = transfer
    const headers = responseHeaders(transfer.headers)
    const outcome = this.#fallback ? 'fallback' : status < 400 ? 'ok' : 'upstream_error'
    if (!transfer.isWhole) {
      this.#writeHead(status, headers, outcome, attempts, reason)
      this.#streaming = transfer
      transfer.stream(this.#response, deadline)
      return
    }
    const body = transfer.body()
    const bodiless = this.#request.method === 'HEAD' || status === 204 || status === 304
    if (transfer.headers['content-length'] === undefined && !bodiless) headers.push('content-length', String(body?.length ?? 0))
    if (outcome === 'ok') this.#remember(transfer, headers, body)
    this.#writeHead(status, headers, outcome, attempts, reason)
    this.#response.end(body)
  }

  #remember(transfer: Transfer, headers: FlatHeaders, body: Buffer | undefined): void {
    const { fallback } = this.#upstream.stack
    if (fallback.kind !== 'cached' || transfer.headers['cache-control']?.includes('no-store')) return
    // The marks of this exchange are pushed to `headers` afterwards and must not be kept.
    fallback.remember(this.#request.method!, this.#question(), { status: transfer.status, headers: [...headers], body })
  }

  /** Answers in the upstream's place, if its settings say how. */
  #fallBack({ result, transfer, reason }: Failure): boolean {
    const { fallback } = this.#upstream.stack
    if (fallback.kind === 'none') return false
    const substitute = fallback.instead(this.#request.method!, this.#question())
    if (substitute.use === 'none') return false
    this.#fallback = { kind: substitute.use, reason, attempts: result.attempts }
    if (substitute.use === 'route') {
      this.#call(this.#upstream.standIn!)
      return true
    }
    transfer?.giveUp()
    if (substitute.use === 'static') this.#writeKept(staticAnswer(substitute))
    else {
      const { response, ageMs } = substitute
      this.#writeKept({ ...response, headers: [...response.headers, 'age', String(Math.floor(ageMs / 1000))] })
    }
    return true
  }

  #question(): string {
    const { fallback } = this.#upstream.stack.policies
    return fallback?.kind === 'cached' ? questionOf(fallback.key, this.#request, this.#body) : ''
  }

  #writeKept({ status, headers, body }: KeptAnswer): void {
    const { attempts, reason } = this.#fallback!
    this.#writeHead(status, headers, 'fallback', attempts, reason)
    this.#response.end(this.#request.method === 'HEAD' ? undefined : body)
  }

  #writeHead(status: number, headers: FlatHeaders, outcome: string, attempts: number, reason: string): void {
    headers.push(REQUEST_ID, this.#id, marks.outcome, outcome, marks.attempts, String(attempts))
    if (this.#fallback) headers.push(marks.fallback, this.#fallback.kind, marks.fallbackReason, this.#fallback.reason)
    this.#startAnswer(headers, { status, outcome, reason, attempts })
  }

  #refuse(refusal: Refusal, attempts = 0): void {
    const { reason } = refusal
    const { status, headers, body } = refusalAnswer(refusal, this.#id, attempts)
    this.#startAnswer(headers, { status, outcome: refusals[reason].outcome, reason, attempts })
    this.#response.end(body)
  }

  #startAnswer(headers: FlatHeaders, ending: Ending): void {
    this.#ending = ending
    headers.push(marks.responseTime, `${this.#elapsed().toFixed(1)}ms`)
    if (this.#edge.stopping) headers.push('connection', 'close')
    this.#response.writeHead(ending.status, headers)
  }

  // A client still sending would never read the answer if the connection were closed under it: the rest of its body is read and
  // thrown away for a moment, then the connection goes.
  #refuseTooLarge(contentLength: number | undefined): void {
    const { maxRequestBytes } = this.#edge.settings
    const size = contentLength === undefined ? 'more' : `${contentLength} bytes`
    const refusal: Refusal = {
      reason: 'request_too_large',
      technical: `the limit is ${maxRequestBytes} bytes, the body has ${size}`,
      detail: `At most ${maxRequestBytes} bytes are accepted.`,
    }
    const { status, headers, body } = refusalAnswer(refusal, this.#id, 0)
    headers.push('connection', 'close')
    this.#startAnswer(headers, { status, outcome: 'refused', reason: refusal.reason, attempts: 0 })
    this.#response.write(body)
    const end = (): void => void this.#response.end()
    const enough = this.#edge.clock.after(LINGER, end)
    this.#request.on('close', enough).on('end', end).resume()
  }

  #elapsed(): Ms {
    return this.#edge.clock.now() - this.#began
  }

  #closed(): void {
    this.#edge.inFlight--
    // An answer begun before the stop has promised to keep its connection: nothing waits for that now.
    if (this.#edge.stopping) this.#request.socket.end()
    if (!this.#response.writableFinished) {
      const cut = this.#streaming?.cut
      if (cut) this.#ending = { ...this.#ending, outcome: cut === 'timeout' ? 'timeout' : 'connection_error', reason: 'body_broken' }
      else {
        this.#ending = { ...this.#ending, outcome: 'client_gone', reason: 'none' }
        this.#driver?.abort()
      }
    }
    this.#edge.count(this.#upstream, this.#id, this.#ending, this.#elapsed())
  }
}
