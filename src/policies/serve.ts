// One client request to an upstream: its call, and what the client gets when the call does not succeed.
//
//   call ─┬─ answered ────────────────────────────────────────────────▶ source: upstream
//         └─ failed or refused ─▶ fallback ─┬─ cached, static ────────▶ source: cached, static
//                                           ├─ route ─▶ call of the stand-in ─┬─ answered ──▶ source: route
//                                           │                                 └─ otherwise: the first error
//                                           └─ none: the error
//
//   error ─┬─ the upstream's own answer, still whole ─────────────────▶ source: upstream
//          └─ nothing to hand on ─────────────────────────────────────▶ source: none: a refusal in the gateway's name
//
// The stand-in is asked without a fallback of its own. A fallback changes no count: the breaker has heard of the failure already.
import { type RefusalReason, refusals } from '../contract/refusals.ts'
import type { Ms } from '../kernel/clock.ts'
import type { Answered, Failed, Rejected, StopReason } from './call-result.ts'
import type { Answer, AttemptEffect, CallRequest, Effect } from './effects.ts'
import type { CacheableRequest, Substitute } from './fallback/fallback.ts'
import type { UpstreamStack } from './stack.ts'

export interface ServeRequest<Response> extends CallRequest {
  /** Undefined where the request has nothing to do with a cache. */
  cacheable?: CacheableRequest<Response> | undefined
}

/** Why the upstream gave no good answer. `upstream_status`: it answered with an error of its own. */
export type FailureReason = RefusalReason | 'upstream_status'

/** `attempts`: how many the call made that gave the answer; where no call gave it, how many the upstream's own call made. */
export type Served<Response> = ServedResponse | ServedSubstitute<Response> | ServedRefusal | ClientGone

/** An attempt's response, from the upstream or from its stand-in. */
export interface ServedResponse {
  source: 'upstream' | 'route'
  outcome: 'ok' | 'upstream_error' | 'fallback'
  /** `none`, or why this is not the upstream's own good answer. */
  reason: FailureReason | 'none'
  attempts: number
  attempt: AttemptEffect
  /** When the call's total time is over. */
  deadline: Ms
}

/** A response that the gateway holds itself. */
export interface ServedSubstitute<Response> {
  source: 'cached' | 'static'
  outcome: 'fallback'
  reason: FailureReason
  attempts: number
  substitute: Extract<Substitute<Response>, { use: 'cached' | 'static' }>
}

/** Nobody's response: the gateway answers in its own name. */
export interface ServedRefusal {
  source: 'none'
  outcome: (typeof refusals)[RefusalReason]['outcome']
  reason: RefusalReason
  attempts: number
  /** How long the client should wait; 0 when that is unknown. */
  retryAfterMs: Ms
  /** Why the last attempt was not retried; undefined when a policy refused the call. */
  why: StopReason | undefined
}

export interface ClientGone {
  source: 'none'
  outcome: 'client_gone'
  reason: 'none'
  attempts: number
}

/** `standIn`: the upstream that a fallback of kind `route` names. */
export function* serve<Response>(
  upstream: UpstreamStack<Response>,
  standIn: UpstreamStack<Response> | undefined,
  request: ServeRequest<Response>,
): Generator<Effect, Served<Response>, Answer> {
  if (request.cacheable?.onlyKept) return keptOrNothing(upstream, request)
  const result = yield* upstream.call(request)
  if (result.is === 'answered') return answered('upstream', result)
  if (result.is === 'aborted') return clientGone(result.attempts)

  const reason = reasonOf(result)
  const { attempts } = result
  const substitute = upstream.fallback.instead(request.cacheable)
  if (substitute.use === 'cached' || substitute.use === 'static')
    return { source: substitute.use, outcome: 'fallback', reason, attempts, substitute }
  if (substitute.use === 'route' && standIn) {
    if (result.is === 'failed') result.attempt.kept = true
    const second = yield* standIn.call(request)
    if (second.is === 'answered') return answered('route', second, reason)
    if (second.is === 'aborted') return clientGone(second.attempts)
  }
  return reason === 'upstream_status' ? handedOn(result as Failed) : refused(result, reason) // only a failed call has a status
}

function keptOrNothing<Response>({ fallback }: UpstreamStack<Response>, request: ServeRequest<Response>): Served<Response> {
  const reason = 'only_if_cached'
  const substitute = fallback.instead(request.cacheable)
  if (substitute.use === 'cached') return { source: 'cached', outcome: 'fallback', reason, attempts: 0, substitute }
  return { source: 'none', outcome: refusals[reason].outcome, reason, attempts: 0, retryAfterMs: 0, why: undefined }
}

function reasonOf(result: Failed | Rejected): FailureReason {
  if (result.is === 'rejected') return result.reason
  const { outcome, why } = result
  if (outcome.is === 'response') return 'upstream_status'
  if (outcome.is === 'timeout') return why === 'deadline' ? 'deadline' : 'timeout'
  if (outcome.ours) return outcome.ours === 'shortage' ? 'shortage' : 'internal'
  return outcome.reached === 'yes' ? 'body_broken' : 'connection_error'
}

function answered(source: 'upstream' | 'route', result: Answered, reason: FailureReason | 'none' = 'none'): ServedResponse {
  const { attempts, attempt, deadline, outcome } = result
  return { source, outcome: source === 'route' ? 'fallback' : outcomeOf(outcome.status), reason, attempts, attempt, deadline }
}

/** The upstream's own error. While a stand-in was asked, it may have broken off. */
function handedOn(result: Failed): ServedResponse | ServedRefusal {
  const { attempts, attempt, deadline, outcome } = result
  if (outcome.is !== 'response' || attempt.cut) return refused(result, 'body_broken')
  return { source: 'upstream', outcome: outcomeOf(outcome.status), reason: 'upstream_status', attempts, attempt, deadline }
}

function refused(result: Failed | Rejected, reason: RefusalReason): ServedRefusal {
  const { outcome } = refusals[reason]
  return result.is === 'failed'
    ? { source: 'none', outcome, reason, attempts: result.attempts, retryAfterMs: 0, why: result.why }
    : { source: 'none', outcome, reason, attempts: result.attempts, retryAfterMs: result.retryAfterMs, why: undefined }
}

function clientGone(attempts: number): ClientGone {
  return { source: 'none', outcome: 'client_gone', reason: 'none', attempts }
}

function outcomeOf(status: number): 'ok' | 'upstream_error' {
  return status < 400 ? 'ok' : 'upstream_error'
}
