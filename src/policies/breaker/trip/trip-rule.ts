// When does a closed breaker open? Each rule is a file of its own; the first of an upstream's rules that says so opens it.
import type { Ms } from '../../../kernel/clock.ts'

export interface TripRule {
  /** The cause of the transition that it makes. */
  readonly cause: 'failures' | 'failure_rate' | 'slow_rate'
  /** What `count` is compared with, for people. */
  readonly threshold: number
  /** Whether it looks at durations or at the clock when a call succeeds. */
  readonly timed: boolean
  /** Counts a success or a failure that ended at `now`, and says whether the breaker opens: `>=`, after successes too. */
  record(failed: boolean, durationMs: Ms, now: Ms): boolean
  /** Failures (or slow calls) that count at `now`. Changes nothing. */
  count(now: Ms): number
  clear(): void
}
