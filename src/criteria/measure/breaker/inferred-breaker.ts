// Breaker states inferred from traffic, for gateways that report none. While a breaker is open, the gateway answers all requests and
// none reaches the upstream: a silence. The few arrivals between two silences are probes.
//
//   requests  ••••••••••••••••••••••••••••••••••
//   arrivals  ••••••••            •  •  • ••••••••
//   inferred  closed   |  open    |half   |closed
//
// A silence alone proves nothing. An open spell follows a failure, and goes on when nothing is in flight any more: with a full bulkhead,
// something always is. Nearly all of what is due in it is refused; a limiter, a pause and a lack of load look otherwise.
import type { BreakerState } from '../../../contract/breaker-events.ts'
import type { Outcome } from '../../../contract/outcome.ts'
import type { Evidence } from '../../../evidence/evidence.ts'
import type { Transition } from '../../../evidence/events/transition.ts'
import { familyOf } from '../../../faults/families.ts'
import { actsOn } from '../../../faults/fault.ts'
import type { Ms } from '../../../kernel/clock.ts'
import type { Plan } from '../../../plan/plan.ts'
import type { Case } from '../../raw-finding.ts'
import { faultTimes } from '../fault-window.ts'
import { nearlyAllFrom, steadyShare } from './passing.ts'
import { type Silence, dueIn, failuresIn, flowOf, passages, silencesAt } from './traffic.ts'

// A shorter silence may be a pause of a process. Fewer requests may have gone elsewhere by chance.
const MIN_SILENCE: Ms = 500
const MIN_REFUSED = 5
/** Of what is due in a silence: a few requests may end otherwise, for reasons of their own. */
const REFUSED_SHARE = 0.9
// A breaker counts a failure when the attempt ends, and the last attempt may have ended just before.
const FAILURE_BEFORE: Ms = 1000

/** Outcomes of requests that a gateway keeps from the upstream; an unmarked refusal is an `upstream_error`. */
const refusals: readonly Outcome[] = ['rejected', 'fallback', 'upstream_error']
/** What shows a failure to the clients, at once or after a wait. */
const failures: readonly Outcome[] = ['upstream_error', 'connection_error', 'damaged']
const timeouts: readonly Outcome[] = ['timeout', 'client_timeout']

/** Some faults keep requests from the upstream just as an open breaker does. With one of them, silence proves nothing. */
export function canInfer(plan: Plan, upstream: string): boolean {
  return plan.faults.every((planned) => !actsOn(planned, upstream) || !familyOf(planned.fault).keepsRequests(planned.fault))
}

/** Whether the transitions are the gateway's own account, as far as the evidence tells: for readers. The judge asks for each upstream. */
export function reportsBreakers({ notes, transitions }: Evidence): boolean {
  return !notes.some(({ code }) => code === 'events_unavailable') && !transitions.some(({ cause }) => cause === INFERRED)
}

const INFERRED = 'inferred'

/** Why the gateway's own account of its breakers is of no use, so that traffic must tell; undefined when it is of use. */
function whyInferred({ plan, evidence }: Case, upstream: string): string | undefined {
  const { notes, transitions } = evidence
  if (notes.some(({ code }) => code === 'events_unavailable')) return 'the gateway reports no breaker events'
  const unreadable = notes.find(({ code }) => code === 'events_unreadable')
  if (unreadable && canInfer(plan, upstream)) return unreadable.text
  return transitions.length === 0 && canInfer(plan, upstream) && inferTransitions({ plan, evidence }, upstream).length > 0
    ? "the gateway's event stream told of no transition"
    : undefined
}

/** The run, with inferred transitions of the upstreams whose breakers the gateway does not report. */
export function withInferredBreakers(run: Case): Case {
  const inferred = new Map(
    Object.keys(run.plan.upstreams).flatMap((upstream) => {
      const why = whyInferred(run, upstream)
      return why === undefined ? [] : [[upstream, why] as const]
    }),
  )
  if (inferred.size === 0) return run
  const reported = run.evidence.transitions.filter(({ upstream }) => !inferred.has(upstream))
  const told = [...inferred.keys()].flatMap((upstream) => (canInfer(run.plan, upstream) ? inferTransitions(run, upstream) : []))
  return { ...run, inferred, evidence: { ...run.evidence, transitions: [...reported, ...told].toSorted((a, b) => a.atMs - b.atMs) } }
}

function inferTransitions(run: Case, upstream: string): Transition[] {
  const { evidence } = run
  const { tickMs } = evidence.series
  const transitions: Transition[] = []
  let from: BreakerState = 'closed'
  const become = (to: BreakerState, atMs: Ms): void => {
    if (to !== from) transitions.push({ atMs, upstream, from, to, cause: INFERRED, sequence: transitions.length + 1 })
    from = to
  }
  const silences = silencesAt(run, upstream, MIN_SILENCE).filter(
    (silence) => isRefused(evidence, upstream, silence) && followsFailure(run, upstream, silence),
  )
  const passing = silences.length === 0 ? [] : passages(run, upstream)
  const share = steadyShare(run.plan, passing, tickMs)
  const { wakes } = flowOf(evidence, upstream)
  for (const [at, silence] of silences.entries()) {
    // A probe that is in flight has failed only when it ends.
    become('open', transitions.at(-1)?.to === 'half_open' ? silence.stillMs : silence.fromMs)
    if (silence.toMs >= evidence.end.atMs) continue
    const between = { fromMs: silence.toMs, toMs: silences[at + 1]?.fromMs ?? evidence.end.atMs }
    // The tick in which the silence ends holds the first arrival; its wake tells the very millisecond.
    const wake = wakes.find(({ arrivedMs: [first] }) => first! >= between.fromMs && first! < between.fromMs + tickMs)
    const halfOpenMs = wake?.arrivedMs[0] ?? between.fromMs
    become('half_open', halfOpenMs)
    const closedMs = nearlyAllFrom(passing, between, share, tickMs)
    // Only an answer closes it. One that let all pass before it had any was half-open so long.
    if (closedMs !== null) become('closed', Math.max(closedMs, wake?.answeredMs ?? halfOpenMs))
  }
  return transitions
}

/** Whether nearly all that was due while nothing was in flight got its answer without the upstream. */
function isRefused(evidence: Evidence, upstream: string, { stillMs, toMs }: Silence): boolean {
  if (toMs - stillMs < MIN_SILENCE) return false
  const span = { fromMs: stillMs, toMs }
  const refused = dueIn(evidence, upstream, span, refusals)
  return refused >= MIN_REFUSED && refused >= REFUSED_SHARE * dueIn(evidence, upstream, span)
}

function followsFailure(run: Case, upstream: string, { fromMs, stillMs }: Silence): boolean {
  const { plan, evidence } = run
  const before = { fromMs: fromMs - FAILURE_BEFORE, toMs: stillMs }
  if (failuresIn(evidence, upstream, before) > 0) return true
  const waiting = { fromMs: before.fromMs - plan.load.timeoutMs, toMs: fromMs }
  if (dueIn(evidence, upstream, { fromMs: before.fromMs, toMs: fromMs }, failures) > 0 || dueIn(evidence, upstream, waiting, timeouts) > 0)
    return true
  // A slow answer is none of the failures above, and opens a breaker too.
  return plan.faults.some((fault) => {
    const { bitMs, clearedMs } = faultTimes(evidence, fault)
    return actsOn(fault, upstream) && bitMs !== null && bitMs <= before.toMs && (clearedMs ?? Number.POSITIVE_INFINITY) >= before.fromMs
  })
}
