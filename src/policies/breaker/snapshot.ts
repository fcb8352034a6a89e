// What can be seen of a breaker from outside: its state, its counts, and each change of its state.
import type { BreakerState } from '../../contract/breaker-events.ts'
import type { Ms } from '../../kernel/clock.ts'
import type { TripRule } from './trip/trip-rule.ts'

export interface Transition {
  upstream: string
  from: BreakerState
  to: BreakerState
  cause: TripRule['cause'] | 'recovery_elapsed' | 'probe_failed' | 'probe_lost' | 'probes_succeeded' | 'reset' | 'forced'
  /** When it took effect. For a lost probe that is its deadline, which is noticed only when the breaker is next asked. */
  at: Ms
  /** What was counted when it happened, and what it was compared with. */
  failures: number
  threshold: number
}

export interface BreakerSnapshot {
  state: BreakerState
  failureCount: number
  failureThreshold: number
  successCount: number
  successThreshold: number
  /** Clock times; null when it is not open, or nothing failed yet. */
  openedAt: Ms | null
  lastFailureAt: Ms | null
  /** Admissions since the start: admitted = success + failure + neutral + late + in flight. */
  totals: Readonly<BreakerTotals>
}

export interface BreakerTotals {
  admitted: number
  rejected: number
  success: number
  failure: number
  neutral: number
  late: number
}
