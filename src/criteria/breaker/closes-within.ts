// breaker('gemini').closesWithin('8s').afterEndOf('outage'): from the end of the phase's last fault to the breaker's closing for good.
// Closed for good is closed, and not open again before the upstream's next fault or the end of the run.
import { type Duration, parseDuration } from '../../kernel/duration.ts'
import type { Ms } from '../../kernel/clock.ts'
import { atTime, beside, plural, span } from '../../kernel/wording.ts'
import { type WrittenCriterion, written } from '../call-site.ts'
import { criterionType } from '../criterion-type.ts'
import { type Spell, spells } from '../measure/breaker-history.ts'
import { faultTimes, faultsOf, nextFaultMs } from '../measure/fault-window.ts'
import { openedWithoutDelay, soonerWithoutDelay } from '../measure/excuse.ts'
import { requestsBetween } from '../measure/scope.ts'
import { needsFault, ofFault } from './fault-phase.ts'

type Stuck = 'reopened' | 'never_closed' | 'never_half_open'

export const closesWithin = criterionType({
  kind: 'closes_within',
  fields: ofFault,
  build: {
    /** It closes, and stays closed, at most this long after the phase's last fault was cleared. */
    closesWithin: (upstream: string) => (limit: Duration) => ({
      afterEndOf: (phase: string): WrittenCriterion => written({ kind: 'closes_within', upstream, phase, withinMs: parseDuration(limit) }),
    }),
  },
  relation: 'at_most',
  breaker: 'events',
  causes: ['never_opened', 'never_half_open', 'never_closed', 'reopened', 'closed_late'],
  sentence: ({ upstream, phase, withinMs }) => `${upstream}'s breaker closes within ${span(withinMs)} after the fault in ${phase}`,
  phases: ({ phase }) => [phase],
  needs: () => 1,
  check: needsFault,

  judge({ upstream, phase, withinMs }, { plan, evidence }) {
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
        cause: 'phase_not_reached',
        window: planned,
        why: `the fault of ${phase} was never cleared`,
      }

    const deadline = clearedMs + withinMs
    const watchedTo = Math.min(nextFaultMs(plan, evidence, upstream, clearedMs), evidence.end.atMs)
    const window = { fromMs: clearedMs, toMs: deadline, phases: phasesFrom(clearedMs) }
    const facts = { ...base, window, n: requestsBetween(evidence, upstream, clearedMs, watchedTo) }
    if (facts.n === 0) {
      const why = `no request for ${upstream} was seen after the fault: a breaker half-opens only for a request`
      return { ...facts, result: 'inconclusive', cause: 'no_samples', why }
    }
    const history = spells(evidence, upstream)
    const bittenMs = Math.min(...faults.map((fault) => faultTimes(evidence, fault).requestedMs ?? fault.startMs))
    if (!history.some(({ state, toMs }) => state === 'open' && toMs > bittenMs))
      return { ...facts, result: 'fail', cause: 'never_opened', why: 'never opened, so it had nothing to close from' }

    const after = history.filter(({ fromMs, toMs }) => toMs > clearedMs && fromMs <= watchedTo)
    const final = after.at(-1)!
    const firstClosed = after.find(({ state }) => state === 'closed')
    if (final.state !== 'closed') {
      if (watchedTo < deadline) {
        const why = `not closed when the evidence ends, ${span(watchedTo - clearedMs)} after the fault`
        return { ...facts, result: 'inconclusive', cause: 'phase_not_reached', why }
      }
      return {
        ...facts,
        result: 'fail',
        ...stuck(after, firstClosed, withinMs),
        ...(firstClosed && { withoutHarnessDelay: openedWithoutDelay(plan, upstream) }),
      }
    }
    const measured = Math.max(0, final.fromMs - clearedMs)
    if (measured <= withinMs)
      return { ...facts, result: 'pass', measured, why: `closed after ${beside(measured, withinMs, span)}, promised ${span(withinMs)}` }
    const reopened = firstClosed !== undefined && firstClosed !== final
    const detour = reopened ? `closed after ${sinceText(firstClosed, clearedMs)}, opened again, ` : ''
    return {
      ...facts,
      result: 'fail',
      cause: reopened ? 'reopened' : 'closed_late',
      measured,
      why: `${detour}closed${reopened ? ' for good' : ''} after ${beside(measured, withinMs, span)}, promised ${span(withinMs)}`,
      withoutHarnessDelay: reopened ? openedWithoutDelay(plan, upstream) : soonerWithoutDelay(measured, withinMs),
    }
  },
})

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
