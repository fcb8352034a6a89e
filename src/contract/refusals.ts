// Why a gateway answers in its own name: the reason in `x-gateway-error`, and what follows from it. One line a reason.

const unavailable = 'A service we depend on is temporarily unavailable. Please try again shortly.'
const busy = 'We are handling too many requests right now. Please try again shortly.'
const slow = 'A service we depend on took too long to answer. Please try again.'

/**
 * Reason → who finds it: a `policy` before the upstream is asked, the `upstream` by not answering, or the `gateway` around them;
 * status; code and sentence of the error envelope; the outcome that the load files it under, where `refused` is the client's
 * own doing; whether the client may try again.
 */
export const refusals = {
  circuit_open: { by: 'policy', status: 503, code: 'service_unavailable', outcome: 'rejected', retryable: true, message: unavailable },
  bulkhead_full: { by: 'policy', status: 503, code: 'service_overloaded', outcome: 'shed', retryable: true, message: busy },
  in_flight_cap: { by: 'gateway', status: 503, code: 'gateway_overloaded', outcome: 'shed', retryable: true, message: busy },
  overloaded: { by: 'gateway', status: 503, code: 'gateway_overloaded', outcome: 'shed', retryable: true, message: busy },
  shortage: { by: 'gateway', status: 503, code: 'gateway_overloaded', outcome: 'shed', retryable: true, message: busy },
  dependency_down: {
    by: 'gateway',
    status: 503,
    code: 'dependency_unavailable',
    outcome: 'rejected',
    retryable: true,
    message: unavailable,
  },
  store_away: { by: 'gateway', status: 503, code: 'store_unavailable', outcome: 'rejected', retryable: true, message: unavailable },
  rate_limited: { by: 'policy', status: 429, code: 'rate_limited', outcome: 'limited', retryable: true, message: busy },
  quota_exceeded: {
    by: 'gateway',
    status: 429,
    code: 'quota_exceeded',
    outcome: 'limited',
    retryable: true,
    message: 'You have used up what you may have at once. Please try again shortly.',
  },
  storage_full: {
    by: 'gateway',
    status: 507,
    code: 'storage_full',
    outcome: 'refused',
    retryable: false,
    message: 'There is no room left in your storage. Please delete something first.',
  },
  timeout: { by: 'upstream', status: 504, code: 'upstream_timeout', outcome: 'timeout', retryable: true, message: slow },
  deadline: { by: 'policy', status: 504, code: 'deadline_exceeded', outcome: 'timeout', retryable: true, message: slow },
  connection_error: {
    by: 'upstream',
    status: 502,
    code: 'bad_gateway',
    outcome: 'connection_error',
    retryable: true,
    message: unavailable,
  },
  body_broken: { by: 'upstream', status: 502, code: 'bad_gateway', outcome: 'connection_error', retryable: true, message: unavailable },
  step_failed: {
    by: 'gateway',
    status: 503,
    code: 'service_unavailable',
    outcome: 'upstream_error',
    retryable: true,
    message: 'A service that this request cannot do without is not available. Please try again shortly.',
  },
  request_too_large: {
    by: 'gateway',
    status: 413,
    code: 'request_too_large',
    outcome: 'refused',
    retryable: false,
    message: 'The request is too large.',
  },
  request_timeout: {
    by: 'gateway',
    status: 408,
    code: 'request_timeout',
    outcome: 'refused',
    retryable: true,
    message: 'The request took too long to arrive.',
  },
  uri_too_long: {
    by: 'gateway',
    status: 414,
    code: 'uri_too_long',
    outcome: 'refused',
    retryable: false,
    message: 'The address is too long.',
  },
  unsupported_coding: {
    by: 'gateway',
    status: 415,
    code: 'unsupported_coding',
    outcome: 'refused',
    retryable: false,
    message: 'The body is encoded in a way that is not supported here.',
  },
  expectation_failed: {
    by: 'gateway',
    status: 417,
    code: 'expectation_failed',
    outcome: 'refused',
    retryable: false,
    message: 'What the request expects cannot be met here.',
  },
  headers_too_large: {
    by: 'gateway',
    status: 431,
    code: 'headers_too_large',
    outcome: 'refused',
    retryable: false,
    message: 'The request has too many headers, or too long ones.',
  },
  not_implemented: {
    by: 'gateway',
    status: 501,
    code: 'not_implemented',
    outcome: 'refused',
    retryable: false,
    message: 'This kind of request is not supported here.',
  },
  version_not_supported: {
    by: 'gateway',
    status: 505,
    code: 'version_not_supported',
    outcome: 'refused',
    retryable: false,
    message: 'This version of HTTP is not supported here.',
  },
  loop: {
    by: 'gateway',
    status: 508,
    code: 'loop_detected',
    outcome: 'refused',
    retryable: false,
    message: 'The request has been here before.',
  },
  bad_request: {
    by: 'gateway',
    status: 400,
    code: 'bad_request',
    outcome: 'refused',
    retryable: false,
    message: 'The request could not be read.',
  },
  conflict: {
    by: 'gateway',
    status: 409,
    code: 'conflict',
    outcome: 'refused',
    retryable: false,
    message: 'This reference is in use already.',
  },
  not_found: {
    by: 'gateway',
    status: 404,
    code: 'not_found',
    outcome: 'refused',
    retryable: false,
    message: 'There is nothing at this address.',
  },
  method_not_allowed: {
    by: 'gateway',
    status: 405,
    code: 'method_not_allowed',
    outcome: 'refused',
    retryable: false,
    message: 'This kind of request is not possible at this address.',
  },
  only_if_cached: {
    by: 'gateway',
    status: 504,
    code: 'not_cached',
    outcome: 'refused',
    retryable: false,
    message: 'There is no kept answer to this request.',
  },
  forbidden: {
    by: 'gateway',
    status: 403,
    code: 'forbidden',
    outcome: 'refused',
    retryable: false,
    message: 'This address is for operators only.',
  },
  stopping: { by: 'gateway', status: 503, code: 'service_unavailable', outcome: 'refused', retryable: true, message: unavailable },
  internal: {
    by: 'gateway',
    status: 500,
    code: 'internal_error',
    outcome: 'refused',
    retryable: false,
    message: 'Something went wrong on our side.',
  },
} as const

export type RefusalReason = keyof typeof refusals

/** Why a policy refuses a call: the reasons that are found by one. */
export type PolicyRefusal = { [Reason in RefusalReason]: (typeof refusals)[Reason]['by'] extends 'policy' ? Reason : never }[RefusalReason]
