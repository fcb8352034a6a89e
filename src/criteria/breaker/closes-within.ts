// breaker('gemini').closesWithin('8s').afterEndOf('outage'): from the end of the phase's last fault to the breaker's closing for good.
// Closed for good is closed, and not open again before the upstream's next fault or the end of the run. A breaker that calls itself
// closed while users are not served has not closed: the time runs until they are.
import { type Duration, parseDuration } from '../../kernel/duration.ts'
import type { Ms } from '../../kernel/clock.ts'
import { atTime, beside, plural, span } from '../../kernel/wording.ts'
import type { Plan } from '../../plan/plan.ts'
import { actsOn } from '../../faults/fault.ts'
import { type WrittenCriterion, written } from '../writing/call-site.ts'
import type { CriterionProblem } from '../criterion.ts'
import { criterionType } from '../criterion-type.ts'
import { type Spell, inexact, isTooClose, spells } from '../measure/breaker/breaker-history.ts'
import { faultTimes, faultsOf, isComplete, nextFaultMs } from '../measure/fault-window.ts'
import { astrayWithoutDelay, soonerWithoutDelay } from '../measure/excuse.ts'
import { servedAgain } from '../measure/breaker/served-again.ts'
import { requestsBetween } from '../measure/scope.ts'
import { needsFault, ofFault } from './fault-phase.ts'

const SERVICE_SLACK: Ms = 1000

type Stuck = 'reopened' | 'never_closed' | 'never_half_open'

export const closesWithin = criterionType({
  kind: 'closes_within',
  doc: {
    written: "breaker('gemini').closesWithin('8s').afterEndOf('outage')",
    demands: 'The breaker closes for good soon after the fault, and users are served again.',
    over: { between: "from when the phase's last fault was taken off to the upstream's next one" },
    counts: "The breaker's last closing, and the time from which users are served again.",
    samples: 'one request after the fault',
    undecided: 'No request came after the fault, the fault was not taken off, or the run ends too early.',
  },
  fields: ofFault,
  build: {
    /** It closes, and stays closed, at most this long after the phase's last fault was cleared. */
    closesWithin: (upstream: string) => (limit: Duration) => ({
      afterEndOf: (phase: string): WrittenCriterion => written({ kind: 'closes_within', upstream, phase, withinMs: parseDuration(limit) }),
    }),
  },
  relation: 'at_most',
  breaker: 'events',
  causes: ['never_opened', 'never_half_open', 'never_closed', 'not_recovered', 'reopened', 'closed_late', 'fault_not_cleared'],
  sentence: ({ upstream, phase, withinMs }) => `${upstream}'s breaker closes within ${span(withinMs)} after the fault in ${phase}`,
  phases: ({ phase }) => [phase],
  needs: () => 1,
  check: ({ upstream, phase }, plan) => [...needsFault({ phase }, plan), ...followedAtOnce(plan, phase, upstream)],

  judge({ upstream, phase, withinMs }, run) {
    const { plan, evidence } = run
    const faults = faultsOf(plan, phase, upstream)
    const last = faults.toSorted((a, b) => a.endMs - b.endMs).at(-1)
    const base = { n: 0, measured: null, interval: null, bound: withinMs, unit: 'ms' } as const
    const phasesFrom = (fromMs: Ms): string[] => plan.phases.filter((candidate) => candidate.endMs > fromMs).map(({ name }) => name)
    const plannedEnd = last?.endMs ?? 0
    const planned = { fromMs: plannedEnd, toMs: plannedEnd + withinMs, phases: phasesFrom(plannedEnd) }
    if (!last || faults.every((fault) => faultTimes(evidence, fault).bitMs === null))
      return { ...base, result: 'inconclusive', cause: 'fault_never_bit', window: planned, why: `no fault of ${phase} was seen to act` }
    const { clearedMs } = faultTimes(evidence, last)
    if (clearedMs === null)
      return {
        ...base,
        result: 'inconclusive',
        cause: isComplete(evidence) ? 'fault_not_cleared' : 'phase_not_reached',
        window: planned,
        why: `the fault of ${phase} was never cleared`,
      }

    const deadline = clearedMs + withinMs
    const nextMs = nextFaultMs(plan, evidence, upstream, { clearedMs, phase })
    const watchedTo = Math.min(nextMs, evidence.end.atMs)
    const whenItEnds = nextMs < evidence.end.atMs ? 'when the next fault begins' : 'when the evidence ends'
    const window = { fromMs: clearedMs, toMs: deadline, phases: phasesFrom(clearedMs) }
    const facts = { ...base, window, n: requestsBetween(evidence, upstream, clearedMs, watchedTo) }
    if (nextMs <= clearedMs) {
      const why = `another fault on ${upstream} begins where that of ${phase} ends`
      return { ...facts, result: 'inconclusive', cause: 'no_samples', why }
    }
    if (facts.n === 0) {
      const why = `no request for ${upstream} was seen after the fault: a breaker half-opens only for a request`
      return { ...facts, result: 'inconclusive', cause: 'no_samples', why }
    }
    const history = spells(evidence, upstream)
    const bittenMs = Math.min(...faults.map((fault) => faultTimes(evidence, fault).requestedMs ?? fault.startMs))
    if (!history.some(({ state, toMs }) => state === 'open' && toMs > bittenMs))
      return { ...facts, result: 'fail', cause: 'never_opened', absent: 'breaker', why: 'never opened, so it had nothing to close from' }

    const after = history.filter(({ fromMs, toMs }) => toMs > clearedMs && fromMs <= watchedTo)
    const final = after.at(-1)!
    const firstClosed = after.find(({ state }) => state === 'closed')
    if (final.state !== 'closed') {
      if (watchedTo < deadline) {
        const why = `not closed ${whenItEnds}, ${span(watchedTo - clearedMs)} after the fault`
        return { ...facts, result: 'inconclusive', cause: 'phase_not_reached', why }
      }
      return {
        ...facts,
        result: 'fail',
        ...stuck(after, firstClosed, withinMs),
        ...(firstClosed && { withoutHarnessDelay: astrayWithoutDelay(run, upstream, after, 'some') }),
      }
    }
    const closedMs = Math.max(final.fromMs, clearedMs)
    const measured = closedMs - clearedMs
    const { slackMs } = final
    const closedAfter = inexact(beside(measured, withinMs, span), slackMs)
    if (isTooClose(measured, withinMs, slackMs)) {
      const why = `closed after ${closedAfter}, promised ${span(withinMs)}: too close for what traffic tells`
      return { ...facts, result: 'inconclusive', cause: 'too_few_samples', measured, why }
    }
    if (measured > withinMs) {
      const reopened = firstClosed !== undefined && firstClosed !== final
      const detour = reopened ? `closed after ${sinceText(firstClosed, clearedMs)}, opened again, ` : ''
      return {
        ...facts,
        result: 'fail',
        cause: reopened ? 'reopened' : 'closed_late',
        measured,
        why: `${detour}closed${reopened ? ' for good' : ''} after ${closedAfter}, promised ${span(withinMs)}`,
        withoutHarnessDelay: reopened
          ? astrayWithoutDelay(run, upstream, after, 'some')
          : soonerWithoutDelay(measured, withinMs, clearedMs),
      }
    }
    const service = servedAgain(run, upstream, { fromMs: closedMs, toMs: watchedTo })
    const closed = `closed after ${closedAfter}`
    if (service.backMs === null) {
      const why = `${closed}, and users were not served again: ${service.why}`
      if (watchedTo < deadline)
        return { ...facts, result: 'inconclusive', cause: 'phase_not_reached', why: `${why} (${span(watchedTo - clearedMs)} watched)` }
      return { ...facts, result: 'fail', cause: 'not_recovered', why }
    }
    // A stretch of requests tells when they pass again, so that a shorter difference says nothing.
    if (service.backMs - closedMs <= SERVICE_SLACK)
      return { ...facts, result: 'pass', measured, why: `${closed}, promised ${span(withinMs)}` }
    const servedMs = service.backMs - clearedMs
    const why = `${closed}, and served users again after ${beside(servedMs, withinMs, span)}, promised ${span(withinMs)}: ${service.why}`
    if (servedMs <= withinMs) return { ...facts, result: 'pass', measured: servedMs, why }
    return {
      ...facts,
      result: 'fail',
      cause: 'not_recovered',
      measured: servedMs,
      why,
      withoutHarnessDelay: soonerWithoutDelay(servedMs, withinMs, clearedMs),
    }
  },
})

/** What follows at once cannot be told from what it follows. */
function followedAtOnce(plan: Plan, phase: string, upstream: string): CriterionProblem[] {
  const own = plan.faults.filter((fault) => fault.phase === phase && actsOn(fault, upstream))
  const endMs = Math.max(...own.map((fault) => fault.endMs))
  const next = plan.faults.find(
    (fault) => fault.phase !== phase && actsOn(fault, upstream) && fault.startMs <= endMs && fault.endMs > endMs,
  )
  if (own.length === 0 || !next) return []
  return [
    {
      at: 'phase',
      message: `the fault of "${next.phase}" begins where that of "${phase}" ends, so no closing can be seen; put a phase without a fault between them`,
    },
  ]
}

/** Why it is not closed at the end, told apart by how far it got. */
function stuck(after: readonly Spell[], closed: Spell | undefined, withinMs: Ms): { cause: Stuck; why: string } {
  const promised = `promised closed within ${span(withinMs)}`
  const probes = after.filter(({ state }) => state === 'half_open').length
  if (closed)
    return { cause: 'reopened', why: `closed ${atTime(closed.fromMs)}, opened again ${atTime(closed.toMs)} and stayed so; ${promised}` }
  if (probes > 0) return { cause: 'never_closed', why: `half-open ${plural(probes, 'time')}, never closed; ${promised}` }
  return { cause: 'never_half_open', why: `never half-open, open since ${span(after[0]!.fromMs)}; ${promised}` }
}

const sinceText = (spell: Spell, sinceMs: Ms): string => span(Math.max(0, spell.fromMs - sinceMs))
