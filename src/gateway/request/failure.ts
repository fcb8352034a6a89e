// Why an upstream's own answer is not delivered as a success, and what is said instead.
import type { CallResult } from '../../policies/effects.ts'
import type { Refusal } from './refusal.ts'
import type { RefusalReason } from '../../contract/refusals.ts'
import type { Transfer } from '../upstream/transfer.ts'

type Failed = CallResult & { is: 'failed' }
type Rejected = CallResult & { is: 'rejected' }

export type Failure =
  /** The upstream's own error, which can be handed on. */
  | { reason: 'upstream_status'; result: Failed; transfer: Transfer }
  /** There is nothing to hand on. */
  | { reason: RefusalReason; result: Failed | Rejected; transfer: undefined }

export function failureOf(result: Failed | Rejected, transfer: Transfer | undefined): Failure {
  if (result.is === 'rejected') return { reason: result.reason, result, transfer: undefined }
  if (result.outcome.is === 'response') return { reason: 'upstream_status', result, transfer: transfer! }
  if (result.outcome.is === 'timeout') return { reason: result.why === 'deadline' ? 'deadline' : 'timeout', result, transfer: undefined }
  return { reason: transfer && transfer.status > 0 ? 'body_broken' : 'connection_error', result, transfer: undefined }
}

export function refusalOf(upstream: string, { reason, result }: Failure & { transfer: undefined }): Refusal {
  if (result.is === 'failed') return { reason, technical: `${upstream}: ${reason} after ${result.attempts} attempts (${result.why})` }
  const technical = reason === 'circuit_open' ? `circuit breaker '${upstream}' is open` : `${upstream}: ${reason}`
  return result.retryAfterMs > 0 ? { reason, technical, retryAfter: Math.ceil(result.retryAfterMs / 1000) } : { reason, technical }
}
