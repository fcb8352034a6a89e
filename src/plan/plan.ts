// A plan: a scenario resolved. Plain data (it travels in run.json): every rate, fault and phase with its time.
// Times are milliseconds since load start.
import type { Ms } from '../kernel/clock.ts'
import type { UpstreamPolicies } from '../policies/settings.ts'
import type { Fault } from '../faults/fault.ts'
import type { Ability } from './ability.ts'

export interface Plan {
  schemaVersion: 2
  scenario: string
  story: string
  /** The scenario's file, relative to the working directory. */
  source: string
  seed: number
  /** Which of the scenario's named settings the gateway gets: `ci`, `production`, or a name of the author's. */
  settings: string
  upstreams: Record<string, PlannedUpstream>
  gateway: PlannedGateway
  load: PlannedLoad
  phases: PlannedPhase[]
  faults: PlannedFault[]
  /** What the scenario claims; each stands for some of `criteria`. */
  claims?: PlannedClaim[]
  criteria: PlannedCriterion[]
  durationMs: Ms
}

/** A fake upstream is found again by its module and export. */
export interface PlannedUpstream {
  module: string
  export: string
  /** Absent: it does as much as it is asked for. */
  capacity?: PlannedCapacity
}

/** What a fake can do while no fault slows it. */
export interface PlannedCapacity {
  /** Requests worked on at once. */
  workers: number
  /** Of this load's mix, on average. */
  perSecond: number
}

/** Settings of the reference gateway. Those of its policies are also what phases and criteria are derived from. */
export interface PlannedGateway {
  upstreams: Record<string, UpstreamPolicies>
  /** By upstream: abilities that are known of a gateway, where the settings are assumed. Absent: all that its settings give it. */
  expects?: Record<string, Ability[]>
  /** As in the gateway's own configuration; absent: its defaults. */
  server?: Record<string, unknown>
  /** Likewise; absent: none is switched on. */
  services?: Record<string, unknown>
}

export interface PlannedLoad {
  arrivals: 'poisson' | 'constant'
  /** Linear pieces of the rate, without gaps, covering all phases. */
  rate: { fromMs: Ms; toMs: Ms; startPerSecond: number; endPerSecond: number }[]
  mix: PlannedRoute[]
  /** When the load generator gives a request up, from due. */
  timeoutMs: Ms
}

/** One kind of request to the gateway. */
export interface PlannedRoute {
  /** Unique in the mix: `gemini.generateContent`, or the author's own name. */
  route: string
  /** Which upstreams the gateway asks to answer it: none, one or several. */
  reaches: Reached[]
  /** Its share of the load, relative to the other routes; 0 for a probe. */
  weight: number
  method: string
  /** Paths of the gateway's; one of these by a seeded draw. */
  paths: string[]
  headers: Record<string, string>
  /** Who asks; one of these by a seeded draw. Absent: nobody in particular. */
  identities?: Identity[]
  /** Each request carries an `idempotency-key` of its own: its request id. */
  idempotencyKey?: boolean
  /** One of these by a seeded draw, sent as the content type says: JSON where there is none. Empty: no body. */
  bodies: unknown[]
  /** How long its client takes to send a body. Absent: no time. */
  sendOverMs?: Ms
  /** How long its client takes to send the head of the request. Absent: no time. */
  sendHeadOverMs?: Ms
  /** Statuses of 400 and above that count as `ok`, such as the 404 of a search for what is not there. */
  expectedStatuses?: number[]
  /** Phases in which it is sent; absent: all. */
  during?: string[]
  /** What somebody does to the gateway, such as an operator: it is sent once, when this phase begins. `probe` holds the time. */
  once?: string
  /** Of a claim's probe, or of what is sent once: it is sent at these times, whatever the rate of the load. */
  probe?: ProbeTimes
}

/** `count` times from `fromMs` on, `everyMs` apart. */
export interface ProbeTimes {
  fromMs: Ms
  everyMs: Ms
  count: number
}

export interface Reached {
  upstream: string
  /** The fake's own route that it is answered by; absent: any. */
  route?: string
}

/** A client that is told from others by what it sends, such as its API key. */
export interface Identity {
  name: string
  headers: Record<string, string>
}

export interface PlannedPhase {
  name: string
  startMs: Ms
  endMs: Ms
  /** Sent through the same path, and judged by no criterion that does not name it. */
  warmUp: boolean
  /** In it the probes of claims are sent. It is judged by the criteria of claims alone, which name it. */
  probes?: boolean
  /** In it a crowd asks as fast as it is answered (closed loop), and the open-loop load rests. It is judged by what names it. */
  saturation?: PlannedSaturation
  /** Number of arrivals. */
  expected: number
}

export interface PlannedSaturation {
  /** Each sends its next request as soon as the last one is answered. */
  connections: number
}

export interface PlannedFault {
  /** F1, F2 … in order of start. */
  id: string
  phase: string
  startMs: Ms
  endMs: Ms
  /** Absent for a fault on a process of the stage. */
  upstream?: string
  fault: Fault
}

/** A criterion as plain data: what it means is looked up by its kind in the table of criteria. */
export interface CriterionData {
  kind: string
  upstream?: string | undefined
  [field: string]: unknown
}

/** What a broken criterion does to the verdict: an `error` decides it, a `warn` is judged and shown, and decides nothing. */
export type Severity = 'error' | 'warn'

/** A claim as plain data: what it asks for is spelled out in the plan's criteria, faults and probe routes. */
export interface PlannedClaim {
  /** A1, A2 … in the order written. */
  id: string
  claim: ClaimData
  /** "gemini may fail during outage" */
  sentence: string
  /** What it could not ask, each with why. */
  unasked: string[]
}

/** What a scenario claims: its kind, and what that kind knows of. */
export interface ClaimData {
  kind: string
  [field: string]: unknown
}

export interface PlannedCriterion {
  /** C1, C2 … in the order written. */
  id: string
  criterion: CriterionData
  /** Absent: an error. */
  severity?: 'warn'

  /** The claims that ask for it. Absent: the scenario itself alone. */
  claims?: string[]
  /** Where it was written, for annotations. */
  source?: { file: string; line: number }
}

/** Whether the gateway asks `upstream` to answer a request of this route. */
export function reaches(route: Pick<PlannedRoute, 'reaches'>, upstream: string): boolean {
  return route.reaches.some((reached) => reached.upstream === upstream)
}

/** Whether the gateway's list of webhooks, and their deliveries, must be known to judge it. */
export const isAboutWebhooks = ({ kind }: CriterionData): boolean => kind.startsWith('webhooks_')

/** Whether its list of long operations, and the work on them, must be. */
export const isAboutOperations = ({ kind }: CriterionData): boolean => kind.startsWith('operations_')
