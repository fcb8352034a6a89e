// One client request, from its head to the last byte of its answer: HTTP around what the policies decide.
//
//   admission: stopping, client's rate limit, in-flight cap ─▶ size limit ─▶ serve ─▶ response | substitute | refusal
//
// Exactly one head is written to the client. When the client goes away first, everything under way for it ends at once.
import type { IncomingMessage, ServerResponse } from 'node:http'
import { REQUEST_ID, marks } from '../../contract/headers.ts'
import { idempotentMethods } from '../../contract/methods.ts'
import { refusals } from '../../contract/refusals.ts'
import type { Ms } from '../../kernel/clock.ts'
import { drive, type Driven } from '../../policies/drive.ts'
import { serve, type Served, type ServedRefusal, type ServedResponse, type ServeRequest } from '../../policies/serve.ts'
import { openAttempts } from '../upstream/open-attempts.ts'
import type { Transfer } from '../upstream/transfer.ts'
import type { Upstream } from '../upstream/upstream.ts'
import type { CachedRequest } from '../cache/answer-cache.ts'
import type { KeptResponse } from '../cache/kept-response.ts'
import type { Admission, Ending } from './admission.ts'
import { type FlatHeaders, requestHeaders, responseHeaders } from './headers.ts'
import { type BodyRead, readBody } from './read-body.ts'
import { newId, type Refusal, refusalAnswer } from './refusal.ts'
import { substituteResponse } from './substitute-response.ts'

const LINGER: Ms = 500

export class Exchange {
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
    const { sent, requestId, idempotencyKey } = requestHeaders(request.rawHeaders, request.headers.connection, newId)
    this.#sent = sent
    this.#id = requestId
    const method = request.method!
    this.#asked = {
      method,
      idempotent: idempotencyKey || idempotentMethods.has(method),
      replayable: true,
    }
  }

  begin(): void {
    const refusal = this.#admission.refusal(this.#request)
    this.#admission.inFlight++
    this.#response.on('close', () => this.#closed())
    if (refusal) return this.#refuse(refusal)
    readBody(this.#request, this.#admission.settings.maxRequestBytes, (read) => this.#received(read))
  }

  #received(read: BodyRead): void {
    if (read.is === 'too_large') return this.#refuseTooLarge(read.contentLength)
    // The client may also have gone while a compressed body was being measured.
    if (read.is === 'gone' || this.#response.destroyed) return
    const { stack, standIn, cache } = this.#upstream
    const { method, url } = this.#request
    const asked = { method: method!, url: url!, headers: this.#sent, body: read.body }
    const open = openAttempts(this.#upstream, asked)
    this.#cached = this.#asked.cacheable = cache?.request({
      ...asked,
      path: this.#upstream.pathOf(asked.url),
      route: this.#upstream.routeOf(asked.url),
    })
    this.#driven = drive(serve(stack, standIn?.stack, this.#asked), { clock: this.#admission.clock, open }, (served, transfer) =>
      this.#answer(served, transfer),
    )
  }

  #answer(served: Served<KeptResponse>, transfer: Transfer | undefined): void {
    if (served.outcome === 'client_gone') this.#ending.attempts = served.attempts
    else if (served.source === 'none') this.#refuse(refusalOf(this.#upstream.name, served), served.attempts)
    else if ('substitute' in served) {
      const { status, headers, body } = substituteResponse(served.substitute)
      this.#writeHead(status, headers, served)
      this.#response.end(this.#request.method === 'HEAD' ? undefined : body)
    } else this.#deliver(served, transfer!)
  }

  #deliver(served: ServedResponse, transfer: Transfer): void {
    const { status } = transfer
    const headers = responseHeaders(transfer.headers)
    const body = transfer.isWhole ? transfer.body() : undefined
    if (this.#cached && served.source === 'upstream') {
      const tookMs = this.#admission.clock.now() - transfer.effect.startedAt
      // The marks of this exchange are pushed to `headers` afterwards: they are not kept.
      this.#cached.hear({ status, headers: transfer.headers, passed: headers, body, tookMs }, transfer.isWhole)
    }
    if (!transfer.isWhole) {
      this.#writeHead(status, headers, served)
      this.#streaming = transfer
      transfer.stream(this.#response, served.deadline)
      return
    }
    const bodiless = this.#request.method === 'HEAD' || status === 204 || status === 304
    if (transfer.headers['content-length'] === undefined && !bodiless) headers.push('content-length', String(body?.length ?? 0))
    this.#writeHead(status, headers, served)
    this.#response.end(body)
  }

  #writeHead(status: number, headers: FlatHeaders, served: Exclude<Served<KeptResponse>, { source: 'none' }>): void {
    const { source, outcome, reason, attempts } = served
    headers.push(REQUEST_ID, this.#id, marks.outcome, outcome, marks.attempts, String(attempts))
    if (source !== 'upstream') headers.push(marks.fallback, source, marks.fallbackReason, reason)
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
    headers.push('connection', 'close')
    this.#startAnswer(headers, { status, outcome: refusals[refusal.reason].outcome, reason: refusal.reason, attempts: 0 })
    this.#response.write(body)
    const end = (): void => void this.#response.end()
    const enough = this.#admission.clock.after(LINGER, end)
    this.#request.on('close', enough).on('end', end).resume()
  }

  #elapsed(): Ms {
    return this.#admission.clock.now() - this.#began
  }

  #closed(): void {
    this.#admission.inFlight--
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
  }
}

function refusalOf(upstream: string, { reason, attempts, why, retryAfterMs }: ServedRefusal): Refusal {
  if (why !== undefined) return { reason, technical: `${upstream}: ${reason} after ${attempts} attempts (${why})` }
  const technical = reason === 'circuit_open' ? `circuit breaker '${upstream}' is open` : `${upstream}: ${reason}`
  return retryAfterMs > 0 ? { reason, technical, retryAfter: Math.ceil(retryAfterMs / 1000) } : { reason, technical }
}
