// When a closed breaker opens. One file a rule; trip-rules.ts lists them.
import type { Ms } from '../../../kernel/clock.ts'

export interface TripRule {
  /** The cause of the transition that it makes. */
  readonly cause: 'failures' | 'failure_rate' | 'slow_rate'
  /** What `count` is compared with, for people. */
  readonly threshold: number
  /** Whether a success is recorded by its duration, or by the time of its end. */
  readonly timed: boolean
  /** What of a stream is a success for it: a good head, or only a good end. */
  readonly provenBy: 'head' | 'end'
  /** Counts a call that ended at `now`. True: the breaker opens. A success may open it too: it may complete a rate's `minimum`. */
  record(failed: boolean, durationMs: Ms, now: Ms): boolean
  /** The stream of a call with a good head broke off at `now`. True: the breaker opens. */
  broke(now: Ms): boolean
  /** Failures (or slow calls) that count at `now`. Changes nothing. */
  count(now: Ms): number
  clear(): void
}
