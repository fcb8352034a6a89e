// A verdict: one finding for each criterion, and the validity checks, which say whether the run may be believed.
import type { BreakerState } from '../contract/breaker-events.ts'
import type { AlertCount } from '../criteria/alerts/false-ones.ts'
import type { Cause } from '../criteria/finding/cause.ts'
import type { LatencyBound, Relation } from '../criteria/criterion.ts'
import type { PartialOpening } from '../criteria/finding/observation.ts'
import type { Figures, Result, Window } from '../criteria/finding/raw-finding.ts'
import type { Ms } from '../kernel/clock.ts'
import type { CriterionData, Severity } from '../plan/plan.ts'

export interface Verdict {
  schemaVersion: 2
  scenario: string
  seed: number
  /** Of several runs that were judged together: the seed of each. */
  seeds?: number[]
  /** The named settings that the gateway had. */
  settings: string
  result: Result
  /** How many findings of each kind, of those that decide the result. */
  counts: Record<Result, number>
  /** How many findings that decide nothing did not pass. */
  warnings: number
  /** Failures first (root causes before symptoms), then inconclusive, warnings, near misses, passes; ties in the order written. */
  findings: Finding[]
  /** Whether the run was whole, loaded, disturbed and observed, and the harness quick enough. In the order of a run. */
  validity: ValidityCheck[]
  /** What traffic told of breakers, in place of the gateway, or beside it. Absent: nothing. */
  inferred?: InferredBreaker[]
  /** Alerts of the run or, of several judged together, of all. Absent: none was told, and none was asked about. */
  alerts?: AlertCount
  /** One sentence for each finding that did not pass, in the same order; then for each check that did not hold. */
  why: string[]
}

/** A breaker as its traffic shows it. Times are since load start. */
export interface InferredBreaker {
  upstream: string
  /** Why traffic was asked. */
  why: string
  /** Each happened between these times. */
  transitions: { from: BreakerState; to: BreakerState; betweenMs: readonly [Ms, Ms] }[]
  /** When it was open for a part of the requests, as where each worker of the gateway has a breaker of its own; in words too. */
  partly: (PartialOpening & { words: string })[]
}

export interface Finding extends Figures {
  /** The criterion's id, C1 … */
  id: string
  criterion: CriterionData
  /** The criterion as a sentence. */
  sentence: string
  result: Result
  /** `warn`: it decides nothing. Its author wrote so, or it is about an ability that nobody expects and that the gateway does not have. */
  severity: Severity
  /** Why it did not pass. */
  cause?: Cause
  /** What to do about it, when inconclusive: a command, or a place to edit. */
  remedy?: string
  /** Where the good side of `bound` lies. */
  relation: Relation
  /** (bound − measured) / bound for upper bounds, (measured − bound) / bound for lower ones; negative is violated; null where the bound is 0. */
  margin: number | null
  /** Passed with less than 10 % of margin. */
  nearMiss: boolean
  /** What it was measured over, since load start. */
  window: Window | null
  /** The bound that the criterion sets to latency, when it sets one. */
  latencyBound?: LatencyBound
  source?: { file: string; line: number }
}

export interface ValidityCheck {
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
