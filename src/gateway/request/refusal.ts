// Answers that the gateway makes itself: one table of reasons, one envelope. They alone carry `x-gateway-error: <reason>`;
// an upstream's own 5xx passes through without it, so nobody has to guess whose error it was.
import { randomUUID } from 'node:crypto'

const unavailable = 'A service we depend on is temporarily unavailable. Please try again shortly.'
const busy = 'We are handling too many requests right now. Please try again shortly.'
const slow = 'A service we depend on took too long to answer. Please try again.'

/** Reason → status, code and sentence of the envelope, and the outcome class that load generators file it under. */
export const refusals = {
  circuit_open: { status: 503, code: 'service_unavailable', outcome: 'rejected', retryable: true, message: unavailable },
  bulkhead_full: { status: 503, code: 'service_overloaded', outcome: 'shed', retryable: true, message: busy },
  in_flight_cap: { status: 503, code: 'gateway_overloaded', outcome: 'shed', retryable: true, message: busy },
  rate_limited: { status: 429, code: 'rate_limited', outcome: 'limited', retryable: true, message: busy },
  timeout: { status: 504, code: 'upstream_timeout', outcome: 'timeout', retryable: true, message: slow },
  deadline: { status: 504, code: 'deadline_exceeded', outcome: 'timeout', retryable: true, message: slow },
  connection_error: { status: 502, code: 'bad_gateway', outcome: 'connection_error', retryable: true, message: unavailable },
  body_broken: { status: 502, code: 'bad_gateway', outcome: 'connection_error', retryable: true, message: unavailable },
  request_too_large: { status: 413, code: 'request_too_large', outcome: 'refused', retryable: false, message: 'The request is too large.' },
  bad_request: { status: 400, code: 'bad_request', outcome: 'refused', retryable: false, message: 'The request could not be read.' },
  not_found: { status: 404, code: 'not_found', outcome: 'refused', retryable: false, message: 'There is nothing at this address.' },
  forbidden: { status: 403, code: 'forbidden', outcome: 'refused', retryable: false, message: 'This address is for operators only.' },
  stopping: { status: 503, code: 'service_unavailable', outcome: 'refused', retryable: true, message: unavailable },
  internal: { status: 500, code: 'internal_error', outcome: 'refused', retryable: false, message: 'Something went wrong on our side.' },
} as const

export type RefusalReason = keyof typeof refusals

export interface Refusal {
  reason: RefusalReason
  /** What an engineer needs to know. */
  technical: string
  /** Appended to the sentence for people, such as the size limit. */
  detail?: string
  /** Seconds, sent as Retry-After. */
  retryAfter?: number
}

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

// Unique without a draw per error: one random prefix per process, then a count.
const instance = randomUUID().slice(0, 13)
let made = 0

export function newId(): string {
  return `${instance}-${(made++).toString(36)}`
}

function envelope(refusal: Refusal, requestId: string): ErrorEnvelope {
  const { code, message, retryable } = refusals[refusal.reason]
  return {
    error: {
      code,
      message: refusal.detail ? `${message} ${refusal.detail}` : message,
      technical_message: refusal.technical,
      retryable,
      error_id: newId(),
      request_id: requestId,
    },
  }
}

/** The refusal as a head and a body for `ServerResponse.writeHead`: headers are a flat list of names and values. */
export function refusalAnswer(refusal: Refusal, requestId: string, attempts: number): { status: number; headers: string[]; body: string } {
  const { status, outcome } = refusals[refusal.reason]
  const body = JSON.stringify(envelope(refusal, requestId))
  const headers = ['content-type', 'application/json; charset=utf-8', 'content-length', String(Buffer.byteLength(body))]
  headers.push('x-gateway-error', refusal.reason, 'x-gateway-outcome', outcome, 'x-gateway-attempts', String(attempts))
  headers.push('x-request-id', requestId)
  if (refusal.retryAfter !== undefined) headers.push('retry-after', String(refusal.retryAfter))
  return { status, headers, body }
}
