// Why a gateway answers in its own name: the reason in `x-gateway-error`, and what follows from it. One line a reason.

const unavailable = 'A service we depend on is temporarily unavailable. Please try again shortly.'
const busy = 'We are handling too many requests right now. Please try again shortly.'
const slow = 'A service we depend on took too long to answer. Please try again.'

/**
 * Reason → status; code and sentence of the error envelope; the outcome that the load files it under, where `refused` is the client's
 * own doing; whether the client may try again.
 */
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
