// Breaker states inferred from traffic, for gateways that report none. While a breaker is open, the gateway answers all requests and
// none reaches the upstream: a silence. The few arrivals between two silences are probes.
//
//   requests  ••••••••••••••••••••••••••••••••••
//   arrivals  ••••••••            •  •  • ••••••••
//   inferred  closed   |  open    |half   |closed
//                     ├┤                 ├┤       each change lies between two times
//
// A silence alone proves nothing. An open spell follows a failure, and goes on when nothing is in flight any more: with a full bulkhead,
// something always is. Nearly all of what is due in it is refused; a limiter, a pause and a lack of load look otherwise.
import type { BreakerState } from '../../../contract/breaker-events.ts'
import type { Outcome } from '../../../contract/outcome.ts'
import type { Transition } from '../../../evidence/events/transition.ts'
import { refusals } from '../../../evidence/flow.ts'
import { familyOf } from '../../../faults/families.ts'
import { actsOn } from '../../../faults/fault.ts'
import type { Ms } from '../../../kernel/clock.ts'
import type { Case } from '../../finding/raw-finding.ts'
import { faultTimes } from '../fault-window.ts'
import { whyUnseen } from '../gaps/unseen-attempts.ts'
import { nearlyAllFrom, steadyShare } from './passing.ts'
import {
  type Silence,
  type Span,
  dueIn,
  failuresIn,
  flowOf,
  hasIds,
  isHeldUp,
  isJoined,
  passages,
  silencesAt,
  steadyTime,
  sumWithin,
  tellingRoutes,
} from './traffic.ts'

// A shorter silence may be a pause of a process. Fewer requests may have gone elsewhere by chance.
const MIN_SILENCE: Ms = 500
const MIN_REFUSED = 5
/** Of what is due in a silence: a few requests may end otherwise, for reasons of their own. */
const REFUSED_SHARE = 0.9
// A breaker counts a failure when the attempt ends, and the last attempt may have ended just before.
const FAILURE_BEFORE: Ms = 1000
/** An opening begins where, over so long, so much more than usual is refused. */
const OPENING_GAP: Ms = 500
const MORE_REFUSED = 0.1

/** What shows a failure to the clients, at once or after a wait. */
const failures: readonly Outcome[] = ['upstream_error', 'connection_error', 'damaged']
const timeouts: readonly Outcome[] = ['timeout', 'client_timeout']

/** The cause of a transition that traffic tells of. */
const INFERRED = 'inferred'

/**
 * Why traffic cannot tell an open breaker of this upstream; undefined when it can. Some faults keep requests from the upstream just as
 * an open breaker does: then silence proves nothing, unless all attempts were seen at the proxy's front.
 */
export function whyBlind(run: Case, upstream: string): string | undefined {
  const { plan, evidence } = run
  const phases = plan.phases.map(({ name }) => name)
  const keeping = plan.faults.filter((planned) => actsOn(planned, upstream) && familyOf(planned.fault).keepsRequests(planned.fault))
  if (
    keeping.some(({ fault }) => fault.made !== 'network' || fault.is === 'down') ||
    (keeping.length > 0 && whyUnseen(run, { upstream, phases }) !== undefined)
  )
    return `with a fault that keeps requests from ${upstream} traffic alone cannot tell an open breaker`
  const isNamed = keeping.length > 0 ? hasIds(evidence, upstream) : isJoined(run, upstream)
  return isHeldUp(plan, upstream) && !isNamed
    ? `without x-request-id at ${upstream} nobody can tell what a network fault still keeps, so traffic alone cannot tell an open breaker from a full bulkhead`
    : undefined
}

/** The transitions of the upstream's breaker that its traffic shows, each with the times between which it happened. */
export function inferTransitions(run: Case, upstream: string): Transition[] {
  const { evidence } = run
  const { tickMs } = evidence.series
  const transitions: Transition[] = []
  let from: BreakerState = 'closed'
  const become = (to: BreakerState, { fromMs, toMs }: Span): void => {
    const last = transitions.at(-1)?.between?.[0] ?? 0
    const between: [Ms, Ms] = [Math.max(last, Math.min(fromMs, toMs)), Math.max(last, fromMs, toMs)]
    const atMs = Math.max((between[0] + between[1]) / 2, transitions.at(-1)?.atMs ?? 0)
    if (to !== from) transitions.push({ atMs, between, upstream, from, to, cause: INFERRED, sequence: transitions.length + 1 })
    from = to
  }
  const silences = openSilences(run, upstream)
  const passing = silences.length === 0 ? [] : passages(run, upstream)
  const share = steadyShare(run.plan, passing, tickMs)
  const { wakes } = flowOf(evidence, upstream)
  for (const [at, silence] of silences.entries()) {
    const probedMs = transitions.at(-1)?.to === 'half_open' ? silence.fromMs - tickMs : undefined
    // A probe that is in flight has failed only when it ends.
    become('open', probedMs === undefined ? opening(run, upstream, silence) : { fromMs: probedMs, toMs: silence.stillMs })
    if (silence.toMs >= evidence.end.atMs) continue
    const between = { fromMs: silence.toMs, toMs: silences[at + 1]?.fromMs ?? evidence.end.atMs }
    // The tick in which the silence ends holds the first arrival; its wake tells the very millisecond.
    const wake = wakes.find(({ arrivedMs: [first] }) => first! >= between.fromMs && first! < between.fromMs + tickMs)
    const halfOpenMs = wake?.arrivedMs[0] ?? between.fromMs
    // The probe was on its way for a while.
    become('half_open', { fromMs: halfOpenMs - tickMs, toMs: wake ? halfOpenMs : halfOpenMs + tickMs })
    // Only an answer closes it: one that let all pass before it had any was half-open so long, and for good where silence followed.
    const answeredMs = wake ? (wake.answeredMs ?? between.toMs) : halfOpenMs
    const answered = { fromMs: (Math.floor(answeredMs / tickMs) + 1) * tickMs, toMs: between.toMs }
    const closedMs = nearlyAllFrom(passing, between, share, tickMs)
    if (closedMs === null || nearlyAllFrom(passing, answered, share, tickMs) === null) continue
    const heldMs = lastHeld(run, upstream, closedMs)
    become('closed', { fromMs: Math.max(answeredMs, heldMs), toMs: Math.max(answeredMs, closedMs + tickMs) })
  }
  return transitions
}

/** When the last tick before `atMs` begins in which a request was refused. */
function lastHeld(run: Case, upstream: string, atMs: Ms): Ms {
  const { tickMs } = run.evidence.series
  const { kept } = flowOf(run.evidence, upstream)
  const passing = isJoined(run, upstream) ? [] : passages(run, upstream)
  const isHeld = (tick: number): boolean => (kept[tick] ?? 0) > 0 || (passing[tick]?.passed ?? 0) < (passing[tick]?.asked ?? 0)
  let tick = Math.floor(atMs / tickMs) - 1
  while (tick > 0 && !isHeld(tick)) tick--
  // Without ids, what arrives in the next tick seems to be held in this one.
  return (passing.length > 0 ? tick - 1 : tick) * tickMs
}

/** The silences in which its breaker is open. */
export const openSilences = (run: Case, upstream: string): Silence[] =>
  silencesAt(run, upstream, MIN_SILENCE).filter((silence) => isRefused(run, upstream, silence) && followsFailure(run, upstream, silence))

/**
 * A silence in which requests ended well without the upstream: an open breaker with a cache that does not mark its answers, or anything
 * else. Undefined where there is none.
 */
export function unmarkedSilence(run: Case, upstream: string): Silence | undefined {
  const { evidence } = run
  const { tickMs } = evidence.series
  return silencesAt(run, upstream, MIN_SILENCE).find((silence) => {
    const { stillMs, toMs } = silence
    if (toMs - stillMs < MIN_SILENCE || isRefused(run, upstream, silence)) return false
    const span = { fromMs: stillMs, toMs }
    const good = dueIn(evidence, upstream, span, ['ok']) - sumWithin(flowOf(evidence, upstream).postponed, span, tickMs)
    return good >= MIN_REFUSED && good > (1 - REFUSED_SHARE) * dueIn(evidence, upstream, span)
  })
}

/** An opening lies between the last attempt and the first refusal, or the other way round: several workers open one after the other. */
function opening(run: Case, upstream: string, { fromMs }: Silence): Span {
  const { tickMs, bucketMs } = run.evidence.series
  const lastMs = fromMs - tickMs
  if (!isJoined(run, upstream)) return { fromMs: lastMs, toMs: fromMs + bucketMs }
  const { asked, kept } = flowOf(run.evidence, upstream)
  const steady = steadyTime(run.plan)
  const usual = steady ? sumWithin(kept, steady, tickMs) / Math.max(1, sumWithin(asked, steady, tickMs)) : 0
  const last = Math.round(lastMs / tickMs)
  let firstRefused = last
  while ((kept[firstRefused] ?? 0) === 0 && firstRefused < kept.length) firstRefused++
  // Back to where hardly more than usual is refused.
  for (let tick = last - 1; tick >= 0; tick--) {
    const before = { fromMs: tick * tickMs - OPENING_GAP, toMs: (tick + 1) * tickMs }
    if (sumWithin(kept, before, tickMs) <= (usual + MORE_REFUSED) * sumWithin(asked, before, tickMs)) break
    if ((kept[tick] ?? 0) > 0) firstRefused = Math.min(firstRefused, tick)
  }
  return { fromMs: Math.min(lastMs, firstRefused * tickMs), toMs: Math.max(fromMs, (firstRefused + 2) * tickMs) }
}

/** Whether nearly all that was due while nothing was in flight got its answer without the upstream. */
function isRefused(run: Case, upstream: string, { stillMs, toMs }: Silence): boolean {
  if (toMs - stillMs < MIN_SILENCE) return false
  const { evidence } = run
  const { tickMs } = evidence.series
  if (!isJoined(run, upstream)) {
    const span = { fromMs: stillMs, toMs }
    const routes = tellingRoutes(run.plan, upstream)
    const refused = dueIn(evidence, upstream, span, refusals, routes)
    return refused >= MIN_REFUSED && refused >= REFUSED_SHARE * dueIn(evidence, upstream, span, undefined, routes)
  }
  const { asked, kept, elsewhere, postponed } = flowOf(evidence, upstream)
  // What is due at its very end may be the probe, or pass when it asks the breaker again.
  const [due, refused, others, later] = [asked, kept, elsewhere, postponed].map((ticks) =>
    sumWithin(ticks, { fromMs: stillMs, toMs: toMs - tickMs }, tickMs),
  ) as [number, number, number, number]
  return refused >= MIN_REFUSED && refused >= REFUSED_SHARE * (due - others - later)
}

function followsFailure(run: Case, upstream: string, { fromMs, stillMs }: Silence): boolean {
  const { plan, evidence } = run
  const before = { fromMs: fromMs - FAILURE_BEFORE, toMs: stillMs }
  if (failuresIn(evidence, upstream, before) > 0) return true
  const waiting = { fromMs: before.fromMs - plan.load.timeoutMs, toMs: fromMs }
  // A request that reaches several upstreams does not tell which of them failed.
  const alone = plan.load.mix.filter(({ reaches }) => reaches.every((reached) => reached.upstream === upstream)).map(({ route }) => route)
  const dueAlone = (span: Span, outcomes: readonly Outcome[]): number => dueIn(evidence, upstream, span, outcomes, alone)
  if (dueAlone({ fromMs: before.fromMs, toMs: fromMs }, failures) > 0 || dueAlone(waiting, timeouts) > 0) return true
  // A slow answer is none of the failures above, and opens a breaker too.
  return plan.faults.some((fault) => {
    const { bitMs, clearedMs } = faultTimes(evidence, fault)
    return actsOn(fault, upstream) && bitMs !== null && bitMs <= before.toMs && (clearedMs ?? Number.POSITIVE_INFINITY) >= before.fromMs
  })
}
