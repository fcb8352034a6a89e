// What a criterion's rule says before the run's own credibility is weighed against it (see judge/credibility.ts).
import type { Evidence } from '../evidence/evidence.ts'
import type { Ms } from '../kernel/clock.ts'
import type { Criterion, CriterionKind } from './criterion.ts'
import type { Plan } from '../plan/plan.ts'
import type { Cause } from './cause.ts'

export type Result = 'pass' | 'fail' | 'inconclusive'

/** What was measured, and what it is held to. */
export interface Figures {
  /** The cause in a sentence, with numbers: "closed after 20.1 s, promised 5 s". */
  why: string
  /** Samples that decided it. */
  n: number
  measured: number | null
  /** Confidence interval of the measured value, two one-sided 95 % bounds; null where no sampling is involved. */
  interval: [number | null, number | null] | null
  bound: number | null
  /** `ms`, `ratio`, `per_call`, `transitions`, `requests`. */
  unit: string
  /** About how many more samples would decide it, when inconclusive for want of them. */
  needsMore?: number
}

export interface Given {
  plan: Plan
  evidence: Evidence
}

export interface Window {
  fromMs: Ms
  toMs: Ms
  phases: string[]
}

/** How much the harness itself may have added to what was measured in a window. */
export interface Slowness {
  /** The longest any request was sent after it was due. */
  latestMs: Ms
  /** What stalls of the processes that a request passes may have added to it at most; 0 while they were healthy. */
  stallMs: Ms
  /** A process of the harness, or the machine itself, had no processor time left: that may have added anything. */
  saturated: boolean
  /** Share of the processor time in demand that the machine's host withheld (0–1). */
  stolen: number
  /** Whether any of these is beyond its limit. */
  unhealthy: boolean
}

export interface Ruling extends Figures {
  result: Result
  cause?: Cause
  /** Which side of the bound is good; absent where a distance means nothing. */
  good?: 'below' | 'above'
  window: Window
  /** The failure itself was witnessed: nothing that is missing could undo it. */
  seen?: true
  /** It rests on the breaker events of this upstream. */
  breaker?: string
  /** What it would be had the harness added nothing; absent where slowness cannot have caused a failure. */
  unhurried?: (slowness: Slowness) => Result
}

export type Rule<Kind extends CriterionKind> = (criterion: Extract<Criterion, { kind: Kind }>, given: Given) => Ruling
