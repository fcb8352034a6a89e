// Whose word counts about breakers: the gateway's events, its traffic, or both.
//
//   both     its events, held against the traffic; where it tells nothing, the traffic alone
//   events   what the gateway tells; where it tells nothing, nothing is known
//   traffic  what its traffic shows; its events are ignored
import type { Ms } from '../../kernel/clock.ts'

export const observations = ['both', 'events', 'traffic'] as const
export type Observation = (typeof observations)[number]

/** A stretch in which traffic shows a breaker open for a part of the requests. */
export interface PartialOpening {
  fromMs: Ms
  toMs: Ms
  /** Of the requests due in it, which part (0–1) met an open breaker: a confidence interval, and in its middle what was measured. */
  share: readonly [least: number, measured: number, most: number]
}
