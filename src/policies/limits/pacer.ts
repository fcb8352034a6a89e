// How fast requests may start. One file a pace: token-bucket.ts, minimum-interval.ts.
import type { Ms } from '../../kernel/clock.ts'

/** Says how fast; keeps no queue. */
export interface Pace {
  /** Time from `now` until a request may start that lets `ahead` others go first. Changes nothing. */
  delay(ahead: number, now: Ms): Ms
  /** One starts at `now`. */
  take(now: Ms): void
}
