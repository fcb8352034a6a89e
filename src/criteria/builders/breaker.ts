// breaker('gemini').goes(…) .opensWithin(…) .closesWithin(…) .staysClosed()
import type { BreakerState } from '../../contract/breaker-events.ts'
import type { Duration } from '../../kernel/duration.ts'
import { type UpstreamRef, type WrittenCriterion, during, nameOf, span, written } from './written.ts'

export interface BreakerCriteria {
  /** It takes exactly these states, in this order, over the whole run. A failed probe (half-open, open again) need not be listed. */
  goes(...sequence: BreakerState[]): WrittenCriterion
  /** It opens at most this long after the phase's first fault was seen to bite. */
  opensWithin(limit: Duration): { of(phase: string): WrittenCriterion }
  /** It closes, and stays closed, at most this long after the phase's last fault was cleared. */
  closesWithin(limit: Duration): { afterEndOf(phase: string): WrittenCriterion }
  /** It never leaves closed: in these phases, or without any in the whole run. */
  staysClosed(...phases: string[]): WrittenCriterion
}

export function breaker(of: UpstreamRef): BreakerCriteria {
  const upstream = nameOf(of)
  return {
    goes: (...sequence) => written({ kind: 'transitions', upstream, sequence }),
    opensWithin: (limit) => ({ of: (phase) => written({ kind: 'opens_within', upstream, phase, withinMs: span(limit) }) }),
    closesWithin: (limit) => ({ afterEndOf: (phase) => written({ kind: 'closes_within', upstream, phase, withinMs: span(limit) }) }),
    staysClosed: (...phases) => written({ kind: 'stays_closed', upstream, ...during(phases) }),
  }
}
