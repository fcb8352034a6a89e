// Evidence: what a run leaves to be judged and drawn, as data. Its size depends on the plan, not on the number of requests.
// All times are milliseconds since load start, the plan's own axis. Lists are sorted, so that equal runs give equal evidence.
import type { Ms } from '../kernel/clock.ts'
import type { AnswerCell } from './fold/answers.ts'
import type { ArrivalCell } from './fold/arrivals.ts'
import type { RoleHealth } from './fold/health.ts'
import type { FaultTimes } from './fold/faults.ts'
import type { Latencies } from './latency-histogram.ts'
import type { PlannedCount } from '../plan/plan-index.ts'
import type { RequestCell } from './fold/requests.ts'
import type { Series } from './time-series.ts'
import type { BreakerTransition } from '../contract/breaker-events.ts'
import type { Role } from './events.ts'

export interface Evidence {
  /** `id` is the prefix of the run's request ids. */
  run: { id: string; scenario: string; seed: number; startedAt: string }
  /** How the journal ends. `cut`: without an end line, as after kill -9. `atMs`: the last stamp in it. */
  end: { reason: 'complete' | 'interrupted' | 'failed' | 'cut'; atMs: Ms; detail?: string }
  /** In the plan's order; null for an edge that was not seen. */
  phases: { phase: string; startedMs: Ms | null; endedMs: Ms | null }[]
  /** How many requests the plan asks for. */
  planned: readonly PlannedCount[]
  /** Requests that ended. */
  requests: RequestCell[]
  /** What the upstreams received. */
  arrivals: ArrivalCell[]
  /** What they answered. */
  answers: AnswerCell[]
  /** Breaker transitions of all upstreams, in order of time. */
  transitions: Transition[]
  /** In the plan's order. */
  faults: FaultTimes[]
  /** The load generator's last count; null when it never reported. */
  load: { due: number; sent: number; ended: number; mostInFlight: number } | null
  /** How late requests were sent, by phase. */
  lateness: Record<string, Latencies>
  health: RoleHealth[]
  /** Processes that ended though nobody had asked them to. */
  died: { role: Role; atMs: Ms; code: number | null; signal: string | null; stderr: string }[]
  /** Open sockets at each upstream: the last count, and the highest. */
  sockets: { upstream: string; last: number; most: number }[]
  series: Series
  notes: { atMs: Ms; code: string; text: string }[]
}

/** A breaker's change of state, at plan time. */
export type Transition = Omit<BreakerTransition, 't'> & { atMs: Ms }
