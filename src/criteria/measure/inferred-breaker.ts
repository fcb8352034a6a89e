// Breaker states inferred from traffic, for gateways that report none. While a breaker is open, the gateway answers all requests and
// none reaches the upstream: a silence. The few arrivals between two silences are probes.
//
//   requests  ••••••••••••••••••••••••••••••••••
//   arrivals  ••••••••            •           ••••••••
//   inferred  closed   |  open    |half| open |half, closed
import type { Evidence } from '../../evidence/evidence.ts'
import type { Transition } from '../../evidence/events/transition.ts'
import type { BreakerState } from '../../contract/breaker-events.ts'
import type { Outcome } from '../../contract/outcome.ts'
import { arrivalsWithin, routesOf } from '../../evidence/time-series.ts'
import type { Ms } from '../../kernel/clock.ts'
import { familyOf } from '../../faults/families.ts'
import { actsOn } from '../../faults/fault.ts'
import type { Plan } from '../../plan/plan.ts'

// A shorter silence may be a pause of a process. Fewer requests may have gone elsewhere by chance.
const MIN_SILENCE: Ms = 500
const MIN_REFUSED = 5

/** Outcomes of requests that a gateway keeps from the upstream. Any other outcome in a silence shows that no breaker was open. */
const refusals: readonly Outcome[] = ['rejected', 'fallback', 'upstream_error']

export const reportsBreakers = (evidence: Evidence): boolean => !evidence.notes.some(({ code }) => code === 'events_unavailable')

/** Some faults keep requests from the upstream just as an open breaker does. With one of them, silence proves nothing. */
export function canInfer(plan: Plan, upstream: string): boolean {
  return plan.faults.every((planned) => !actsOn(planned, upstream) || !familyOf(planned.fault).keepsRequests(planned.fault))
}

/** The evidence, with inferred transitions where the gateway reports none. */
export function withInferredBreakers(plan: Plan, evidence: Evidence): Evidence {
  if (reportsBreakers(evidence)) return evidence
  const inferred = Object.keys(plan.upstreams).flatMap((upstream) => (canInfer(plan, upstream) ? inferTransitions(evidence, upstream) : []))
  return { ...evidence, transitions: inferred.toSorted((a, b) => a.atMs - b.atMs) }
}

interface Span {
  fromMs: Ms
  toMs: Ms
}

function inferTransitions(evidence: Evidence, upstream: string): Transition[] {
  const transitions: Transition[] = []
  let from: BreakerState = 'closed'
  const become = (to: BreakerState, atMs: Ms): void => {
    if (to !== from) transitions.push({ atMs, upstream, from, to, cause: 'inferred', sequence: transitions.length + 1 })
    from = to
  }
  const silences = silencesAt(evidence, upstream).filter((silence) => isRefused(evidence, upstream, silence))
  for (const [at, silence] of silences.entries()) {
    become('open', silence.fromMs)
    const endMs = silences[at + 1]?.fromMs ?? evidence.end.atMs
    const between = { fromMs: silence.toMs, toMs: endMs }
    const { count } = arrivalsWithin(evidence.series, upstream, between.fromMs, between.toMs)
    if (count === 0) continue
    become('half_open', between.fromMs)
    // Requests pass again, and most of them: the probe was followed by a closed breaker.
    const { total } = requestsDue(evidence, upstream, between)
    if (total > 0 && count * 2 > total) become('closed', between.fromMs)
  }
  return transitions
}

/** Stretches of ticks without an arrival, after the first arrival. */
function silencesAt({ series, end }: Evidence, upstream: string): Span[] {
  const { tickMs } = series
  const ticks = series.arrivals[upstream] ?? []
  const heard = [...ticks.keys()].filter((tick) => ticks[tick])
  return heard
    .map((tick, at) => ({ fromMs: (tick + 1) * tickMs, toMs: heard[at + 1] === undefined ? end.atMs : heard[at + 1]! * tickMs }))
    .filter(({ fromMs, toMs }) => toMs - fromMs >= MIN_SILENCE)
}

function isRefused(evidence: Evidence, upstream: string, silence: Span): boolean {
  const { total, refused } = requestsDue(evidence, upstream, silence)
  return refused >= MIN_REFUSED && refused === total
}

/** Requests due in the buckets that lie wholly inside the span. */
function requestsDue({ series }: Evidence, upstream: string, { fromMs, toMs }: Span): { total: number; refused: number } {
  let total = 0
  let refused = 0
  const lines = routesOf(series, upstream).flatMap((route) => Object.entries(series.latencies[route] ?? {}))
  for (const [outcome, buckets] of lines)
    for (const bucket of buckets.slice(Math.ceil(fromMs / series.bucketMs), Math.max(0, Math.floor(toMs / series.bucketMs)))) {
      total += bucket?.totalCount ?? 0
      if ((refusals as readonly string[]).includes(outcome)) refused += bucket?.totalCount ?? 0
    }
  return { total, refused }
}
