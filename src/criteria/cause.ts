// Why a finding did not pass: stable codes, in causal order. What stands higher explains what stands lower, so the first
// finding of a failed run names a root cause: a breaker that never opened also makes errors, retries and slow answers.

export const causes = {
  gateway_died: 'the gateway ended by itself',
  unsafe_retry: 'a request that is not safe to repeat was repeated',
  contradiction: 'the gateway reports one thing and the traffic shows another',
  never_opened: 'the breaker never opened',
  unexpected_transition: 'the breaker changed its state when it should not have',
  opened_late: 'the breaker opened too late',
  never_half_open: 'the breaker never let a probe pass',
  never_closed: 'the breaker was probed, and never closed',
  reopened: 'the breaker closed, and opened again',
  closed_late: 'the breaker closed too late',
  retry_storm: 'the upstream got more attempts per request than allowed',
  harmed: 'an upstream without a fault suffered with the others',
  too_many_errors: 'too many requests failed',
  too_little_goodput: 'too few requests were answered well',
  slow_rejection: 'refusals took too long',
  too_slow: 'answers took too long',
  incomplete: 'the journal ends before the run does',
  phase_not_reached: 'the run did not get as far',
  fault_never_bit: 'a fault was not seen to act',
  load_not_delivered: 'load was missing',
  no_breaker_events: 'breaker events were not received, or not all',
  harness_unhealthy: 'the harness was too slow to blame the gateway',
  no_samples: 'there was nothing to measure',
  too_few_samples: 'there was too little to be sure',
} as const

export type Cause = keyof typeof causes

const order = Object.keys(causes)

export function causalRank(cause: string | undefined): number {
  return cause === undefined ? order.length : order.indexOf(cause)
}
