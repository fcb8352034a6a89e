// A plan: a scenario resolved. Plain data (it travels in run.json): every rate, fault and phase with its time.
// Times are milliseconds since load start.
import type { Ms } from '../kernel/clock.ts'
import type { UpstreamPolicies } from '../policies/settings.ts'
import type { NetworkFault } from '../toxiproxy/toxics/toxic-spec.ts'
import type { Hits, RequestFault } from '../faults/request-fault.ts'

export interface Plan {
  schemaVersion: 1
  scenario: string
  story: string
  /** The scenario's file, relative to the working directory. */
  source: string
  seed: number
  policy: PolicyName
  upstreams: Record<string, PlannedUpstream>
  gateway: PlannedGateway
  load: PlannedLoad
  phases: PlannedPhase[]
  faults: PlannedFault[]
  criteria: PlannedCriterion[]
  durationMs: Ms
}

/** Which settings the gateway gets: quick ones for CI, or those of production. */
export type PolicyName = 'ci' | 'production'

/** A fake upstream is found again by its module and export. */
export interface PlannedUpstream {
  module: string
  export: string
}

export interface PlannedGateway {
  /** Settings of the reference gateway by upstream; also what phases and criteria are derived from. */
  upstreams: Record<string, UpstreamPolicies>
}

export interface PlannedLoad {
  arrivals: 'poisson' | 'constant'
  /** Linear pieces of the rate, without gaps, covering all phases. */
  rate: { fromMs: Ms; toMs: Ms; startPerSecond: number; endPerSecond: number }[]
  mix: PlannedRoute[]
  /** When the load generator gives a request up, from due. */
  timeoutMs: Ms
}

/** One kind of request in the mix. */
export interface PlannedRoute {
  upstream: string
  route: string
  weight: number
  method: string
  /** Below `/{upstream}`; one of these by a seeded draw. */
  paths: string[]
  headers: Record<string, string>
  /** Each request carries an `idempotency-key` of its own: its request id. */
  idempotencyKey?: boolean
  /** JSON bodies; one of these by a seeded draw. Empty: no body. */
  bodies: unknown[]
  /** Statuses of 400 and above that count as `ok`, such as the 404 of a search for what is not there. */
  expectedStatuses?: number[]
  /** Phases in which it is sent; absent: all. */
  during?: string[]
}

export interface PlannedPhase {
  name: string
  startMs: Ms
  endMs: Ms
  /** Sent through the same path, judged by nobody. */
  warmUp: boolean
  /** Expected number of arrivals. */
  expected: number
}

export interface PlannedFault {
  /** F1, F2 … in order of start. */
  id: string
  phase: string
  startMs: Ms
  endMs: Ms
  upstream: string
  fault: { made: 'upstream'; fault: RequestFault; hits: Hits } | ({ made: 'network' } & NetworkFault)
}

/** A criterion as plain data: what it means is looked up by its kind in the table of criteria. */
export interface CriterionData {
  kind: string
  upstream?: string | undefined
  [field: string]: unknown
}

export interface PlannedCriterion {
  /** C1, C2 … in the order written. */
  id: string
  criterion: CriterionData
  /** Where it was written, for annotations. */
  source?: { file: string; line: number }
}
