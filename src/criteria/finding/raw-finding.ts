// What a criterion says of a run, before the credibility of the run is weighed against it (see judge/credibility.ts).
import type { Outcome } from '../../contract/outcome.ts'
import type { Evidence } from '../../evidence/evidence.ts'
import type { Ms } from '../../kernel/clock.ts'
import type { Lack } from '../../plan/ability.ts'
import type { Plan } from '../../plan/plan.ts'
import type { Cause } from './cause.ts'
import type { Observation, PartialOpening } from './observation.ts'

export type Result = 'pass' | 'fail' | 'inconclusive'

/** What is judged: what was planned, and what was seen of it. */
export interface Case {
  plan: Plan
  evidence: Evidence
  /** Upstreams whose breaker transitions were inferred from traffic, each with why. Absent: none. */
  inferred?: ReadonlyMap<string, string>
  /** Whose word counts about breakers; absent: both. */
  observe?: Observation
  /** By upstream: when traffic shows its breaker open for a part of the requests. Absent: never. */
  partly?: ReadonlyMap<string, readonly PartialOpening[]>
  /** The command that started the run; absent where nobody noted it. */
  command?: string
  /** How many runs are judged together; absent: one. */
  runs?: number
}

/** What was measured, and what it is held to. */
export interface Figures {
  /** The cause in a sentence, with numbers: "closed after 20.1s, promised 5s". */
  why: string
  /** Samples that decided it. */
  n: number
  measured: number | null
  /** Confidence interval of the measured value, two one-sided 95 % bounds; null where no sampling is involved. */
  interval: [number | null, number | null] | null
  bound: number | null
  /** `ms`, `ratio`, `per_call`, `per_second`, `transitions`, `requests`, `bytes`, `descriptors`. */
  unit: string
  /** About how many more samples would decide it, when inconclusive for want of them. */
  needsMore?: number
}

/** The part of the run that was judged, in the plan's time. */
export interface Window {
  fromMs: Ms
  toMs: Ms
  phases: string[]
}

export interface RawFinding<Given extends Cause = Cause> extends Figures {
  result: Result
  cause?: Given
  window: Window
  /** The failure itself was seen. Nothing that is missing from the evidence could undo it. */
  witnessed?: true
  /**
   * It did not pass since the gateway showed nothing of this ability. Where nobody expects the ability, that is a warning; an ability
   * that was seen, and does not keep its promise, is never absent.
   */
  absent?: Lack
  /**
   * Of each comparison with a limit by which it could fail: whether it does with bounds of a confidence (0–1). Absent where a failure is
   * certain, such as a transition that was seen.
   */
  failsAt?: readonly ((confidence: number) => boolean)[]
  /** What to do about it when inconclusive, where the criterion knows better than the table of remedies. */
  remedy?: string
  /** The result had the harness added no delay; absent where a delay cannot have caused a failure. */
  withoutHarnessDelay?: (delay: HarnessDelay) => Result
}

/** How much delay the harness itself may have added in a window. */
export interface HarnessDelay {
  /** The longest time between a request's due time and its sending. */
  latestMs: Ms
  /** The most that stalls of the processes on a request's way may have added; 0 while these were healthy. */
  stallMs: Ms
  /** The same of the stalls that may have been between two times. */
  stallMsAmid: (time: { fromMs: Ms; toMs: Ms }) => Ms
  /** The longest that the gateway waited of one second for a processor that others used. It counts as a stall of the gateway. */
  starvedMs: Ms
  /** Stalls of these processes, and how long they were together: only requests of such times can have been delayed. */
  stalls: number
  stalledMs: Ms
  /** Share (0–1) of the requests that were sent late enough to matter. */
  lateShare: number
  /** How long the phases in question last. */
  windowMs: Ms
  /** A harness process, or the machine, had no processor time left. The delay then has no bound. */
  saturated: boolean
  /** Share of the demanded processor time that the machine's host withheld (0–1). */
  stolen: number
  /** Whether any of these is beyond its limit. */
  unhealthy: boolean
  /** Openings of breakers that stalls may have made, in these phases or before, as far as they reach into these phases. */
  openings: readonly StallOpening[]
}

/** How a request can end that an open breaker refuses. An error may also be the upstream's own. */
export const refusals = ['rejected', 'fallback', 'upstream_error'] as const satisfies readonly Outcome[]
export type Refusal = (typeof refusals)[number]

/** A breaker that a stall of the harness may have opened, and for how long it may refuse: until it has recovered, if it does in time. */
export interface StallOpening {
  upstream: string
  fromMs: Ms
  toMs: Ms
  /** How many requests it may have refused in the phases in question, by how these ended. */
  refused: Readonly<Record<Refusal, number>>
}
