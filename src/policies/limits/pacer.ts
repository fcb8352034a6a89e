// How fast requests may start. A pacer keeps no queue. One file a pacer: token-bucket.ts, minimum-interval.ts.
import type { Ms } from '../../kernel/clock.ts'

export interface Pacer {
  /** Time from `now` until a request may start that lets `ahead` others go first. Changes nothing. */
  delay(ahead: number, now: Ms): Ms
  /** One starts at `now`. */
  take(now: Ms): void
}

/** Shorter delays count as none: a timer cannot tell them apart. */
export const EPSILON: Ms = 1e-3
