// Evidence: what a run leaves to be judged and drawn, as plain data. Its size depends on the plan, not on the number of requests.
// All times are milliseconds since load start, the plan's own axis. Lists are sorted, so that equal runs give equal evidence.
import type { Ms } from '../kernel/clock.ts'
import type { PlannedCount } from '../plan/plan-index.ts'
import type { events } from './events.ts'
import type { TallyContext } from './events/event.ts'
import type { AnswerCell, ArrivalCell, OwnCalls } from './fold/arrivals.ts'
import type { AttemptCell } from './fold/attempts.ts'
import type { ClientErrorRow } from './fold/client-errors.ts'
import type { FallbackCell } from './fold/fallbacks.ts'
import type { RequestCell } from './fold/requests.ts'
import type { RetryCell } from './fold/retries.ts'
import type { SampledTrace } from './fold/trace-sample.ts'
import type { Operations } from './fold/operations.ts'
import type { Webhooks } from './fold/webhooks.ts'
import type { Flow } from './flow.ts'
import type { Latencies } from './latency-histogram.ts'
import type { TraceTallied } from './tallies/tallies.ts'
import type { Series } from './time-series.ts'

type EvidenceOf<Event> = Event extends { evidence: infer Name; tally: (context: TallyContext) => { result(): infer Result } }
  ? [Name, Result]
  : never

/** What the events of one kind say alone, by the name that their file gives it: `phases`, `transitions`, `faults`, `health` … */
export type Tallied = {
  [Kind in keyof typeof events as EvidenceOf<(typeof events)[Kind]>[0] & string]: EvidenceOf<(typeof events)[Kind]>[1]
}

export interface Evidence extends Tallied, TraceTallied {
  /** `id` is the prefix of the run's request ids. */
  run: { id: string; scenario: string; seed: number; startedAt: string }
  /** How the journal ends. `cut`: without an end line, as after kill -9. `atMs`: the last stamp in it. */
  end: { reason: 'complete' | 'interrupted' | 'failed' | 'cut'; atMs: Ms; detail?: string }
  /** How many requests the plan asks for. */
  planned: readonly PlannedCount[]
  /** Requests that ended, and what their answers stand on. */
  requests: RequestCell[]
  /** How often each request was tried at each upstream that its route reaches. */
  attempts: AttemptCell[]
  /** How attempts ended, and whether and when the same request was tried again. Only where an upstream was tried. */
  retries: RetryCell[]
  /** Answers that their upstream did not give for them. */
  fallbacks: FallbackCell[]
  /** Rows of the same 4xx that upstreams gave. */
  clientErrors: ClientErrorRow[]
  /** What the upstreams received, joined to a request or not. */
  arrivals: ArrivalCell[]
  /** What they answered. */
  answers: AnswerCell[]
  /** Calls of the gateway's own. */
  own: OwnCalls[]
  /** What became of the webhooks that the gateway accepted; empty where no criterion is about them. */
  webhooks: Webhooks
  /** What became of the long operations that it accepted, likewise. */
  operations: Operations
  /** How late requests were sent, by phase. */
  lateness: Record<string, Latencies>
  series: Series
  /** By upstream, over time. */
  flow: Flow[]
  /** Some traces for people to read. */
  sample: SampledTrace[]
}

/** The same evidence with other parts in place of some. The others are not read: what was left out of them stays left out. */
export function withParts(evidence: Evidence, parts: Partial<Evidence>): Evidence {
  const made = {}
  for (const name of Object.keys(evidence)) {
    const from = Object.hasOwn(parts, name) ? parts : evidence
    Object.defineProperty(made, name, Object.getOwnPropertyDescriptor(from, name)!)
  }
  // It has all properties of the first.
  return made as Evidence
}
