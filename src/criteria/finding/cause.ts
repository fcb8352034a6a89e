// Why a finding did not pass: stable codes in causal order. A cause that stands higher explains those below it, so the first finding
// of a failed run names the root cause. A breaker that never opened also makes errors, retries and slow answers.

/** The gateway broke a promise. */
const broken = {
  gateway_died: 'the gateway ended by itself',
  unsafe_retry: 'a request that is not safe to repeat was repeated',
  done_twice: 'an upstream did twice what may be done once',
  contradiction: 'the gateway reports one thing and the traffic shows another',
  never_opened: 'the breaker never opened',
  unexpected_transition: 'the breaker changed its state when it should not have',
  opened_late: 'the breaker opened too late',
  never_alerted: 'the gateway raised no alert',
  alerted_late: 'the gateway raised its alert too late',
  never_ended: 'an alert did not end when its reason had',
  alerted_in_vain: 'the gateway raised an alert about what it should have coped with',
  false_alert: 'an alert was raised without a reason',
  never_half_open: 'the breaker never let a probe pass',
  never_closed: 'the breaker was probed, and never closed',
  not_recovered: 'the breaker closed, and users were not served again',
  reopened: 'the breaker closed, and opened again',
  probed_early: 'the breaker let a probe pass too early',
  probed_late: 'the breaker let a probe pass too late',
  too_many_probes: 'the half-open breaker let too many requests pass',
  closed_late: 'the breaker closed too late',
  too_many_attempts: 'a request was tried more often than allowed',
  gave_up_early: 'a request that kept failing was tried less often than it should have been',
  retried_in_vain: 'what a repeat cannot mend was asked for again',
  retried_early: 'a retry came sooner than it may',
  retry_storm: 'the upstream got more attempts per request than allowed',
  lost: 'what was accepted is nowhere: neither done, nor failed, nor waiting',
  left_failed: 'what was accepted ended with an error, and was not tried again until it was done',
  left_waiting: 'what was accepted still waits at the end',
  accepted_in_vain: 'what could not be done was accepted all the same',
  delivered_twice: 'a delivery came again after the receiver had taken it',
  leaked_answer: "an identity got another one's answer",
  not_carried: 'answers lack what they must carry',
  made_up: 'answers that ended ok were given by no upstream',
  damaged_body: 'answers had another body than was sent',
  abandoned_work: 'the upstream went on working for clients that were gone',
  collapsed: 'beyond its capacity the gateway collapsed in place of refusing',
  too_fast: 'requests came at the upstream faster than allowed',
  too_many_at_once: 'the upstream got more requests at once than allowed',
  broken_stream: 'streams came otherwise than they were sent',
  late_events: 'the events of streams came too late',
  stays_low: 'an overload was over, and too few requests were answered well ever after',
  not_back: 'after the fault, things were not as before it',
  harmed: 'an upstream without a fault suffered with the others',
  fallback_unmarked: 'a fallback looked like an answer of the upstream',
  fallback_too_old: 'a fallback held an answer that was too old',
  grown: 'the gateway needs more and more',
  too_many_errors: 'too many requests failed',
  too_many_failed_operations: 'too many operations failed',
  too_little_goodput: 'too few requests were answered well',
  too_many_fallbacks: 'too many requests got a fallback',
  too_few_fallbacks: 'too few requests got a fallback',
  slow_rejection: 'refusals took too long',
  too_slow: 'answers took too long',
  not_met: "a criterion of the project's own was not met",
} as const

/** The run does not tell. */
const untold = {
  incomplete: 'the journal ends before the run does',
  phase_not_reached: 'the run did not get as far',
  fault_never_bit: 'a fault was not seen to act',
  fault_not_cleared: 'a fault was not taken off',
  load_not_delivered: 'load was missing',
  attempts_unseen: 'attempts may have been lost where nobody counts them',
  no_breaker_events: 'breaker events were not received, or not all',
  partly_open: 'the breaker was open for a part of the requests, as where each worker has one of its own',
  harness_unhealthy: 'the harness was too slow to blame the gateway',
  no_samples: 'there was nothing to measure',
  too_few_samples: 'there was too little to be sure',
} as const

export const causes = { ...broken, ...untold }

export type Cause = keyof typeof causes

/** Causes of not knowing. Each has a remedy (see judge/remedy/remedies.ts). */
export type Untold = keyof typeof untold

/** Causes that any criterion may have. A criterion lists all others that it can give. */
export type CommonCause = Untold | 'gateway_died' | 'contradiction'

const order = Object.keys(causes)

/** The place in causal order; after all others when there is no cause. */
export function causalRank(cause: Cause | undefined): number {
  return cause === undefined ? order.length : order.indexOf(cause)
}
