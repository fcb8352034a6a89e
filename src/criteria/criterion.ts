// What a scenario demands, as plain data. Builders in criteria/ make these pleasant to write; judge/criteria/ decides them.
import type { Ms } from '../kernel/clock.ts'
import type { BreakerState } from '../contract/breaker-events.ts'
import type { CriterionData } from '../plan/plan.ts'
import type { Outcome } from '../contract/outcome.ts'

/** Which requests a criterion is about. Absent: all upstreams; all phases but warm-up. */
export type Scope = {
  upstream?: string
  /** Names of phases; a request belongs to the phase in which it was due. */
  during?: string[]
}

export type Criterion =
  /** The breaker's states are these, in this order, over the whole run; a failed probe (half-open, open again) need not be listed. */
  | { kind: 'transitions'; upstream: string; sequence: BreakerState[] }
  /** It opens at most `withinMs` after the phase's first fault was first seen to bite. */
  | { kind: 'opens_within'; upstream: string; phase: string; withinMs: Ms }
  /** It closes for good at most `withinMs` after the phase's last fault was cleared. */
  | { kind: 'closes_within'; upstream: string; phase: string; withinMs: Ms }
  /** It never leaves `closed`. */
  | { kind: 'stays_closed'; upstream: string; during?: string[] }
  /** The quantile of latency from due time, over requests of these outcomes (default: ok), is below `belowMs`. */
  | ({ kind: 'latency'; quantile: number; outcomes: Outcome[]; belowMs: Ms } & Scope)
  /** Requests that ended in an error outcome, over all requests. A fallback is in the denominator only. */
  | ({ kind: 'error_rate'; below: number } & Scope)
  /** Requests of these outcomes (default: ok) over all requests. */
  | ({ kind: 'goodput'; outcomes: Outcome[]; above: number } & Scope)
  /** Arrivals at the upstream per client request for it. */
  | { kind: 'amplification'; upstream: string; during?: string[]; below: number }
  /** While the breaker was open (or half-open): latency of what did not reach the upstream (rejected, fallback). */
  | { kind: 'fast_fail'; upstream: string; during?: string[]; quantile: number; belowMs: Ms }
  /** Requests that are not safe to repeat and may have reached the upstream are never sent there twice. */
  | { kind: 'no_unsafe_retries'; upstream: string; during?: string[] }
  /** An upstream that has no fault does as well during all fault phases as in `comparedWith`: errors and p95 of ok. */
  | { kind: 'unharmed'; upstream: string; comparedWith: string; latencyRatio: number; latencySlackMs: Ms; errorRateBelow: number }

export type CriterionKind = Criterion['kind']

/** A plan's criterion as one of this table; its kind and fields were checked where the plan was made or read. */
export const knownCriterion = (data: CriterionData): Criterion => data as Criterion
