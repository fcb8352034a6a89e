// breaker('gemini').opensWithin('1s').of('outage'): from the time the phase's first fault was put on to the breaker's
// opening. The first sign that the fault acts proves it; the sign itself may be late.
import { isExpected } from '../../plan/expectations.ts'
import { stateWord } from '../../contract/breaker-events.ts'
import { actsOn } from '../../faults/fault.ts'
import type { Ms } from '../../kernel/clock.ts'
import { type Duration, parseDuration } from '../../kernel/duration.ts'
import { atTime, beside, plural, span } from '../../kernel/wording.ts'
import type { PlannedFault } from '../../plan/plan.ts'
import type { Case } from '../finding/raw-finding.ts'
import { type WrittenCriterion, written } from '../writing/call-site.ts'
import { criterionType } from '../criterion-type.ts'
import { type Spell, inexact, isTooClose, spells } from '../measure/breaker/breaker-history.ts'
import { faultTimes, faultsOf } from '../measure/fault-window.ts'
import { isOfStall, soonerWithoutDelay } from '../measure/excuse.ts'
import { countIn, requestsIn } from '../measure/scope.ts'
import { needsFault, ofFault } from './fault-phase.ts'

export const opensWithin = criterionType({
  kind: 'opens_within',
  doc: {
    written: "breaker('gemini').opensWithin('1s').of('outage')",
    demands: "The breaker opens soon after the phase's first fault.",
    over: { between: "from when the phase's first fault was put on to its end" },
    counts: "The breaker's first opening; by requests for this upstream in the fault.",
    samples: 'one request in the fault',
    undecided: 'The fault was not seen to act, or the breaker was open before it, or traffic tells the time not closely enough.',
  },
  fields: ofFault,
  build: {
    /** It opens at most this long after the phase's first fault was put on. */
    opensWithin: (upstream: string) => (limit: Duration) => ({
      of: (phase: string): WrittenCriterion => written({ kind: 'opens_within', upstream, phase, withinMs: parseDuration(limit) }),
    }),
  },
  relation: 'at_most',
  breaker: 'events',
  causes: ['never_opened', 'opened_late', 'unexpected_transition'],
  sentence: ({ upstream, phase, withinMs }) => `${upstream}'s breaker opens within ${span(withinMs)} of the fault in ${phase}`,
  phases: ({ phase }) => [phase],
  needs: () => 1,
  check: needsFault,

  judge({ upstream, phase, withinMs }, run) {
    const { plan, evidence } = run
    const fault = faultsOf(plan, phase, upstream)[0]
    const times = fault && faultTimes(evidence, fault)
    const bitMs = times?.bitMs ?? null
    const n = countIn(requestsIn(evidence, { upstream, phases: [phase] }))
    const facts = { n, measured: null, interval: null, bound: withinMs, unit: 'ms' } as const
    const planned = { fromMs: fault?.startMs ?? 0, toMs: (fault?.startMs ?? 0) + withinMs, phases: [phase] }
    if (!fault || !times || bitMs === null)
      return { ...facts, result: 'inconclusive', cause: 'fault_never_bit', window: planned, why: `no fault of ${phase} was seen to act` }

    // A sign before the acknowledgement is the earlier proof.
    const onMs = Math.min(times.acknowledgedMs ?? bitMs, bitMs)
    const window = { fromMs: onMs, toMs: onMs + withinMs, phases: [phase] }
    if (n === 0)
      return { ...facts, result: 'inconclusive', cause: 'no_samples', window, why: `no request for ${upstream} was seen in ${phase}` }

    // The fault acts some time between the request for it and the first sign of it; the breaker may see it before we do.
    const sinceMs = times.requestedMs ?? onMs
    const states = spells(evidence, upstream)
    const already = states.find(({ state, fromMs, toMs, slackMs }) => state !== 'closed' && fromMs + slackMs < sinceMs && toMs > sinceMs)
    if (already) {
      const since = lastClosedBefore(states, already)
      const why = `was ${stateWord(already.state)} already when the fault began: since ${span(already.fromMs)}`
      const openedBefore = {
        fromMs: already.fromMs,
        toMs: onMs,
        phases: plan.phases.filter(({ startMs, endMs }) => startMs < onMs && endMs > already.fromMs).map(({ name }) => name),
      }
      if (openedByEarlier(run, upstream, fault, since))
        return {
          ...facts,
          result: 'inconclusive',
          cause: 'no_samples',
          window: openedBefore,
          why: `was ${stateWord(already.state)} already when the fault began, since ${span(since)}: an earlier fault on ${upstream} may have opened it`,
        }
      const failed = { ...facts, result: 'fail', cause: 'unexpected_transition', witnessed: true, window: openedBefore, why } as const
      const until = { fromMs: already.fromMs, toMs: sinceMs }
      return { ...failed, withoutHarnessDelay: (delay) => (isOfStall(delay, upstream, until) ? 'inconclusive' : 'fail') }
    }
    const opened = states.find(({ state, fromMs, slackMs }) => state === 'open' && fromMs + slackMs >= sinceMs)
    if (!opened && evidence.end.atMs < window.toMs) {
      const why = `still closed when the evidence ends, ${span(evidence.end.atMs - onMs)} after the fault began`
      return { ...facts, result: 'inconclusive', cause: 'phase_not_reached', window, why }
    }
    if (!opened) {
      const why = `never opened, though the fault bit ${atTime(bitMs)} and ${plural(n, 'request')} followed; promised within ${span(withinMs)}`
      return { ...facts, result: 'fail', cause: 'never_opened', absent: 'breaker', window, why }
    }
    const measured = Math.max(0, opened.fromMs - onMs)
    const why = `opened after ${inexact(beside(measured, withinMs, span), opened.slackMs)}, promised ${span(withinMs)}`
    if (isTooClose(measured, withinMs, opened.slackMs))
      return {
        ...facts,
        result: 'inconclusive',
        cause: 'too_few_samples',
        measured,
        window,
        why: `${why}: too close for what traffic tells`,
      }
    if (measured <= withinMs) return { ...facts, result: 'pass', measured, window, why }
    return {
      ...facts,
      result: 'fail',
      cause: 'opened_late',
      measured,
      window,
      why,
      withoutHarnessDelay: soonerWithoutDelay(measured, withinMs, onMs),
    }
  },
})

/** When the breaker left closed, through whose failed probes it came to this spell. */
function lastClosedBefore(states: readonly Spell[], spell: Spell): Ms {
  const until = states.slice(0, states.indexOf(spell) + 1)
  return until[until.findLastIndex(({ state }) => state === 'closed') + 1]!.fromMs
}

/**
 * Whether another fault that was on before may have opened it: while it was on, or when the last call that it held up ended.
 * No breaker that was promised should open for the probes of claims; one that is only assumed may count in another way.
 */
function openedByEarlier({ plan, evidence }: Case, upstream: string, fault: PlannedFault, openedMs: Ms): boolean {
  const isPromised = isExpected(plan.gateway, upstream, 'breaker')
  const ofProbes = new Set(plan.phases.filter(({ probes }) => isPromised && probes === true).map(({ name }) => name))
  return plan.faults.some((other) => {
    if (other.id === fault.id || !actsOn(other, upstream) || ofProbes.has(other.phase)) return false
    const { requestedMs, clearedMs } = faultTimes(evidence, other)
    return (requestedMs ?? other.startMs) <= openedMs && openedMs <= (clearedMs ?? other.endMs) + plan.load.timeoutMs
  })
}
