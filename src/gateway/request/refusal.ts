// Answers that the gateway makes itself, in one envelope for all reasons. They alone carry the error mark with the reason. An
// upstream's own 5xx passes without it, so that a client can tell whose error it was.
import { randomUUID } from 'node:crypto'
import { REQUEST_ID, marks } from '../../contract/headers.ts'
import { type RefusalReason, refusals } from '../../contract/refusals.ts'
import type { ServedRefusal } from '../../policies/serve.ts'

export interface Refusal {
  reason: RefusalReason
  /** What an engineer needs to know. */
  technical: string
  /** Appended to the sentence for people, such as the size limit. */
  detail?: string
  /** Seconds, sent as Retry-After. */
  retryAfter?: number
  /** Methods that the address has, sent as Allow. */
  allow?: readonly string[]
}

/** Something was thrown that nobody expected. What it says is for the log alone: it may hold addresses, or what others sent. */
export const defectRefusal: Refusal = { reason: 'internal', technical: 'an error of the gateway itself; its log has more' }

export interface ErrorEnvelope {
  error: {
    code: string
    message: string
    technical_message: string
    retryable: boolean
    error_id: string
    request_id: string
  }
}

// One random prefix per process, then a count: unique without a random draw per error.
const instance = randomUUID().slice(0, 13)
let made = 0

export function newId(): string {
  return `${instance}-${(made++).toString(36)}`
}

function envelope(refusal: Refusal, requestId: string, errorId: string): ErrorEnvelope {
  const { code, message, retryable } = refusals[refusal.reason]
  return {
    error: {
      code,
      message: refusal.detail ? `${message} ${refusal.detail}` : message,
      technical_message: refusal.technical,
      retryable,
      error_id: errorId,
      request_id: requestId,
    },
  }
}

/** The refusal as a head and a body for `ServerResponse.writeHead`: headers are a flat list of names and values. */
export function refusalAnswer(
  refusal: Refusal,
  requestId: string,
  attempts: number,
  idOf: () => string = newId,
): { status: number; headers: string[]; body: string } {
  const { status, outcome } = refusals[refusal.reason]
  const body = JSON.stringify(envelope(refusal, requestId, idOf()))
  const headers = ['content-type', 'application/json; charset=utf-8', 'content-length', String(Buffer.byteLength(body))]
  headers.push(marks.error, refusal.reason, marks.outcome, outcome, marks.attempts, String(attempts), REQUEST_ID, requestId)
  if (refusal.retryAfter !== undefined) headers.push('retry-after', String(refusal.retryAfter))
  if (refusal.allow !== undefined) headers.push('allow', refusal.allow.join(', '))
  return { status, headers, body }
}

/** What the policies have refused, as the client is told. */
export function servedRefusal(upstream: string, { reason, attempts, why, retryAfterMs }: ServedRefusal): Refusal {
  if (why !== undefined) return { reason, technical: `${upstream}: ${reason} after ${attempts} attempts (${why})` }
  const technical = reason === 'circuit_open' ? `circuit breaker '${upstream}' is open` : `${upstream}: ${reason}`
  // How long a probe under way takes, nobody knows: a second is soon enough.
  const seconds = Math.max(reason === 'circuit_open' ? 1 : 0, Math.ceil(retryAfterMs / 1000))
  return seconds > 0 ? { reason, technical, retryAfter: seconds } : { reason, technical }
}

/** `contentLength`: undefined where the body did not say how long it is. */
export function tooLarge(contentLength: number | undefined, limit: number): Refusal {
  const size = contentLength === undefined ? 'more' : `${contentLength} bytes`
  return {
    reason: 'request_too_large',
    technical: `the limit is ${limit} bytes, the body has ${size}`,
    detail: `At most ${limit} bytes are accepted.`,
  }
}
