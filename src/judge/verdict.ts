// A verdict: one finding per criterion, and guards that say whether the run may be believed.
import type { Ms } from '../kernel/clock.ts'
import type { Criterion } from '../criteria/criterion.ts'
import type { Figures, Result } from '../criteria/ruling.ts'

export interface Verdict {
  schemaVersion: 2
  scenario: string
  seed: number
  /** The named settings that the gateway had. */
  settings: string
  result: Result
  /** How many findings of each kind. */
  counts: Record<Result, number>
  /** Failures first (root causes before symptoms), then inconclusive, near misses, passes; ties in the order written. */
  findings: Finding[]
  /** Vacuity guards and harness health; a failed one has weakened the findings it names. */
  guards: Guard[]
  /** One sentence for each finding that did not pass, in the same order; then guards that failed. */
  why: string[]
}

export interface Finding extends Figures {
  /** The criterion's id, C1 … */
  id: string
  criterion: Criterion
  /** The criterion as a sentence. */
  sentence: string
  result: Result
  /**
   * Why not passed, as a stable code (see cause.ts): `gateway_died`, `never_opened`, `never_half_open`, `never_closed`, `closed_late`, `opened_late`, `reopened`,
   * `unexpected_transition`, `too_slow`, `too_many_errors`, `too_little_goodput`, `retry_storm`, `unsafe_retry`, `slow_rejection`,
   * `harmed`, `contradiction`, `no_samples`, `too_few_samples`, `fault_never_bit`, `load_not_delivered`, `phase_not_reached`,
   * `no_breaker_events`, `harness_unhealthy`, `incomplete`.
   */
  cause?: string
  /** (bound − measured) / bound for upper bounds, (measured − bound) / bound for lower ones; negative is violated; null where the bound is 0. */
  margin: number | null
  /** Passed with less than 10 % of margin. */
  nearMiss: boolean
  /** What it was measured over, since load start. */
  window: { fromMs: Ms; toMs: Ms; phases: string[] } | null
  source?: { file: string; line: number }
}

export interface Guard {
  /** `load_delivered`, `fault_bit:F1`, `phase_reached:outage`, `lateness`, `loop_delay:load`, `cpu:…`, `journal_complete`, `witnesses:gemini` … */
  id: string
  ok: boolean
  sentence: string
  measured: number | null
  bound: number | null
  unit: string
  /** Which way it bends measurements: `slower` can only add latency, `blind` can only hide failures. */
  bias: 'slower' | 'blind' | 'none'
  /** What to do about it, when not ok. */
  remedy: string | null
}
