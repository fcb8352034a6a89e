// Calls that the gateway makes for its services: through the same policies, cache and connections as a client's request, with the answer
// held whole. A client's own request is an Exchange.
import { IDEMPOTENCY_KEY, REQUEST_ID } from '../../contract/headers.ts'
import { idempotentMethods } from '../../contract/methods.ts'
import { type Ms, turn } from '../../kernel/clock.ts'
import { drive, type Driven } from '../../policies/drive.ts'
import { serve, type Served } from '../../policies/serve.ts'
import type { CachedRequest } from '../cache/answer-cache.ts'
import type { KeptResponse } from '../cache/kept-response.ts'
import type { Admission } from '../request/admission.ts'
import { viaHere } from '../request/forwarding.ts'
import { byName, type FlatHeaders } from '../request/headers.ts'
import { substituteResponse } from '../request/substitute-response.ts'
import type { ServiceReply, ServiceRequest } from '../services/service.ts'
import { openAttempts } from './open-attempts.ts'
import type { Transfer } from './transfer.ts'
import type { Upstream } from './upstream.ts'

/** A longer answer is given up: services work on whole ones. */
const MOST_BYTES = 1024 * 1024

export class UpstreamCalls {
  readonly #upstreams: ReadonlyMap<string, Upstream>
  readonly #admission: Admission
  readonly #underWay = new Set<Driven>()
  #whenNone: (() => void) | undefined
  #isClosed = false

  constructor(upstreams: readonly Upstream[], admission: Admission) {
    this.#upstreams = new Map(upstreams.map((upstream) => [upstream.name, upstream]))
    this.#admission = admission
  }

  /** @throws Error when there is no upstream of that name, or the policies themselves have failed */
  async call(name: string, request: ServiceRequest): Promise<ServiceReply> {
    const upstream = this.#upstreams.get(name)
    if (!upstream) throw new Error(`no upstream "${name}"`)
    const { signal } = request
    if (this.#isClosed || signal?.aborted) return { is: 'given_up', attempts: 0 }
    if (upstream.inFlight >= this.#admission.settings.inFlightPerUpstream)
      return { is: 'refused', reason: 'in_flight_cap', retryAfterMs: 0, attempts: 0 }
    const began = this.#admission.clock.now()
    upstream.inFlight++
    let driven: Driven | undefined
    const abort = (): void => driven?.abort()
    try {
      const { served, transfer } = await new Promise<Outcome>((resolve, reject) => {
        driven = this.#start(upstream, request, (decided, attempt) => resolve({ served: decided, transfer: attempt }), reject)
        this.#underWay.add(driven)
        signal?.addEventListener('abort', abort, { once: true })
      })
      const reply = replyOf(served, transfer)
      const outcome = reply.is === 'answered' ? reply.outcome : served.outcome
      upstream.counts.add(outcome, served.reason, served.attempts, this.#admission.clock.now() - began)
      return reply
    } finally {
      upstream.inFlight--
      signal?.removeEventListener('abort', abort)
      if (driven) this.#underWay.delete(driven)
      if (this.#underWay.size === 0) this.#whenNone?.()
    }
  }

  /** Resolves when none is under way. */
  async idle(): Promise<void> {
    while (this.#underWay.size > 0) {
      await new Promise<void>((resolve) => (this.#whenNone = resolve))
      // What a service asks next, it asks when it has heard of the last.
      await turn()
    }
  }

  /** Ends all calls; no other begins. */
  close(): void {
    this.#isClosed = true
    for (const driven of this.#underWay) driven.abort()
  }

  #start(
    upstream: Upstream,
    request: ServiceRequest,
    ended: (served: Served<KeptResponse>, transfer: Transfer | undefined) => void,
    failed: (error: unknown) => void,
  ): Driven {
    const { method, path, json, idempotencyKey } = request
    const body = json === undefined ? undefined : Buffer.from(JSON.stringify(json))
    const sent = { method, path, headers: headersOf(request), body, commitBytes: MOST_BYTES }
    const witness = {
      interim() {},
      defect: (error: unknown): void => {
        this.#admission.tellDefect({ upstream: upstream.name }, request.requestId, error)
        failed(error)
      },
    }
    const open = openAttempts(upstream, sent, witness)
    const cached: CachedRequest | undefined = upstream.cache?.request(sent)
    const asked = { method, idempotent: idempotencyKey !== undefined || idempotentMethods.has(method), replayable: true, cacheable: cached }
    const { deadlines } = upstream.transfers
    const hear = (served: Served<KeptResponse>, transfer: Transfer | undefined): void => {
      if (cached && transfer?.isWhole && served.source === 'upstream') {
        const tookMs: Ms = this.#admission.clock.now() - transfer.effect.startedAt
        cached.hear({ status: transfer.status, headers: transfer.headers, body: transfer.body(), tookMs }, true)
      }
      ended(served, transfer)
    }
    return drive(serve(upstream.stack, upstream.standIn?.stack, asked), {
      clock: deadlines,
      open,
      ended: hear,
      failed: witness.defect,
    })
  }
}

interface Outcome {
  served: Served<KeptResponse>
  transfer: Transfer | undefined
}

function headersOf({ headers = {}, json, requestId, idempotencyKey }: ServiceRequest): FlatHeaders {
  const sent = Object.entries(headers).flat()
  if (json !== undefined) sent.push('content-type', 'application/json')
  if (idempotencyKey !== undefined) sent.push(IDEMPOTENCY_KEY, idempotencyKey)
  sent.push(REQUEST_ID, requestId, 'via', viaHere)
  return sent
}

function replyOf(served: Served<KeptResponse>, transfer: Transfer | undefined): ServiceReply {
  const { attempts } = served
  if (served.outcome === 'client_gone') return { is: 'given_up', attempts }
  if (served.source === 'none') return { is: 'refused', reason: served.reason, retryAfterMs: served.retryAfterMs, attempts }
  if ('substitute' in served) {
    const { status, headers, body = Buffer.alloc(0) } = substituteResponse(served.substitute)
    return { is: 'answered', outcome: served.outcome, reason: served.reason, status, headers: byName(headers), body, attempts }
  }
  // Where the policies name an attempt, its transfer is there.
  const { status, headers, isWhole } = transfer!
  if (!isWhole) {
    transfer!.giveUp()
    return { is: 'refused', reason: 'body_broken', retryAfterMs: 0, attempts }
  }
  return {
    is: 'answered',
    outcome: served.outcome,
    reason: served.reason,
    status,
    headers,
    body: transfer!.body() ?? Buffer.alloc(0),
    attempts,
  }
}
