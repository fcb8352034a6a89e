// One client request, from its head to the end of its answer: HTTP around what the policies decide.
//
//   admission: stopping, client's rate limit, in-flight caps ─▶ its turn on the connection ─▶ body ─▶ serve ─▶ ClientAnswer
//
// When the client goes away first, everything under way for it ends at once. A throw anywhere on the way is answered too: nobody waits
// for ever, and no other request is touched.
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http'
import { idempotentMethods } from '../../contract/methods.ts'
import { drive, type Driven } from '../../policies/drive.ts'
import { serve, type Served, type ServeRequest } from '../../policies/serve.ts'
import type { CachedRequest } from '../cache/answer-cache.ts'
import type { KeptResponse } from '../cache/kept-response.ts'
import { openAttempts } from '../upstream/open-attempts.ts'
import type { Transfer } from '../upstream/transfer.ts'
import type { Upstream } from '../upstream/upstream.ts'
import type { Witness } from '../upstream/witness.ts'
import type { Admission } from './admission.ts'
import { ClientAnswer } from './client-answer.ts'
import { connectionOf, type ParserFailure, type Piece } from './client-connection.ts'
import { pseudonym, tellTheWay } from './forwarding.ts'
import { type FlatHeaders, requestHeaders } from './headers.ts'
import { type BodyRead, readBody, unread } from './read-body.ts'
import { defectRefusal, newId, type Refusal, tooLarge } from './refusal.ts'
import { belowFirstSegment, leavesBase } from './target.ts'

export class Exchange implements Piece, Witness {
  readonly #admission: Admission
  readonly #upstream: Upstream
  readonly #request: IncomingMessage
  readonly #response: ServerResponse
  readonly #sent: FlatHeaders
  readonly #answer: ClientAnswer
  readonly #asked: ServeRequest<KeptResponse>
  /** Undefined unless the upstream's fallback is a cache. */
  #cached: CachedRequest | undefined
  /** Below the upstream's base URL. */
  readonly #path: string
  readonly #loops: boolean
  #body: Buffer | undefined
  #reading = false
  #atWork = false
  #isOver = false
  #driven: Driven | undefined

  constructor(admission: Admission, upstream: Upstream, request: IncomingMessage, response: ServerResponse) {
    this.#admission = admission
    this.#upstream = upstream
    this.#request = request
    this.#response = response
    const { forwarded } = admission.settings
    const { sent, requestId, idempotencyKey, via } = requestHeaders(
      request.rawHeaders,
      request.headers.connection,
      newId,
      admission.droppedHeaders,
    )
    tellTheWay(sent, request, forwarded)
    this.#sent = sent
    this.#answer = new ClientAnswer(requestId, admission, upstream, request, response)
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
      if (refusal) this.#answer.refuseUnread(refusal)
      else connection.enter(this)
    } catch (error) {
      this.defect(error)
    }
  }

  begin(): void {
    this.#upstream.inFlight++
    this.#atWork = true
    const refusal = this.#admission.refusalAtTurn(this.#upstream)
    if (refusal) return this.#answer.refuseUnread(refusal)
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
    const failed = (error: unknown): void => this.defect(error)
    this.#driven = drive(serve(stack, standIn?.stack, this.#asked), {
      clock: transfers.deadlines,
      open,
      failed,
      ended: (served, transfer) => {
        try {
          this.#hear(served, transfer)
          this.#answer.give(served, transfer)
        } catch (error) {
          failed(error)
        }
      },
    })
  }

  /** The cache hears of the upstream's own answers. */
  #hear({ source }: Served<KeptResponse>, transfer: Transfer | undefined): void {
    if (!this.#cached || !transfer || source !== 'upstream') return
    const { status, headers, isWhole, effect } = transfer
    const body = isWhole && status !== 205 ? transfer.body() : undefined
    this.#cached.hear({ status, headers, body, tookMs: this.#admission.clock.now() - effect.startedAt }, isWhole)
  }

  /** The body has not become whole. */
  #unread(read: Exclude<BodyRead, { is: 'whole' }>): void {
    if (read.is === 'gone' || this.#isOver) return
    if (read.is === 'too_large') this.#answer.refuseAndClose(tooLarge(read.contentLength, this.#admission.settings.maxRequestBytes))
    else this.#answer.refuseUnread(unread[read.is])
  }

  interim(status: number, headers: IncomingHttpHeaders): void {
    this.#answer.interim(status, headers)
  }

  /** Something was thrown that nobody caught. This request is answered or cut off; policies get back what it holds. */
  defect(error: unknown): void {
    this.#admission.tellDefect({ upstream: this.#upstream.name }, this.#answer.id, error)
    try {
      this.#driven?.abort()
    } catch {
      // The pipeline itself has failed: it is over.
    }
    if (this.#answer.hasBegun) this.#response.destroy()
    else this.#answer.refuse(defectRefusal)
  }

  parserFailed(failure: ParserFailure): boolean {
    return this.#reading && !this.#request.complete && this.#answer.leaveTo(failure)
  }

  #giveRoomBack(): void {
    this.#admission.bodies.bytes -= this.#body?.length ?? 0
    this.#body = undefined
  }

  /** Its answer has left, or the client has. Called more than once: of an answer that waits for others, Node tells no end. */
  gone(): void {
    if (this.#isOver) return
    this.#isOver = true
    this.#admission.inFlight--
    if (this.#atWork) this.#upstream.inFlight--
    this.#giveRoomBack()
    // The head of an answer that began before the stop did not say that the connection would close.
    if (this.#admission.stopping) this.#request.socket.end()
    if (this.#answer.close()) this.#driven?.abort()
    this.#answer.count()
    connectionOf(this.#request.socket).leave(this)
  }
}
