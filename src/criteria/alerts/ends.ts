// alerts('breaker_open').endWithin('8s').afterEndOf('outage'): what the fault raised is over soon after the fault is.
import { type Duration, parseDuration } from '../../kernel/duration.ts'
import { beside, span } from '../../kernel/wording.ts'
import { needsFault } from '../breaker/fault-phase.ts'
import { criterionType } from '../criterion-type.ts'
import { soonerWithoutDelay } from '../measure/excuse.ts'
import { type WrittenCriterion, written } from '../writing/call-site.ts'
import { NO_ALERTS, alertWords, faultSpan, ofAlert, spellsOf, tellAlerts } from './alert-spells.ts'

export const alertEnds = criterionType({
  kind: 'alert_ends',
  doc: {
    written: "alerts('breaker_open').endWithin('8s').afterEndOf('outage')",
    demands: 'The alert, or without a rule every alert, that was on at the end of the fault ends soon after it.',
    over: { between: "from when the phase's last fault was taken off to the end of the run" },
    counts: 'Alerts that were on when the fault was taken off, and the end of the last of them.',
    samples: 'one fault with an alert',
    undecided: 'The fault was not seen to act or not taken off, no such alert was on, or the run ends too early.',
  },
  fields: ofAlert,
  build: {
    /** It ends at most this long after the phase's last fault was cleared. */
    endWithin: (rule?: string) => (limit: Duration) => ({
      afterEndOf: (phase: string): WrittenCriterion =>
        written({ kind: 'alert_ends', ...(rule !== undefined && { rule }), phase, withinMs: parseDuration(limit) }),
    }),
  },
  relation: 'at_most',
  breaker: 'none',
  causes: ['never_ended'],
  sentence: ({ rule, phase, withinMs }) => `${alertWords(rule)} ends within ${span(withinMs)} after the fault in ${phase}`,
  phases: ({ phase }) => [phase],
  needs: () => 1,
  samplesIn: () => [],
  check: needsFault,

  judge({ rule, phase, withinMs }, run) {
    const { plan, evidence } = run
    const fault = faultSpan(run, phase)
    const endMs = fault?.clearedMs ?? plan.phases.find(({ name }) => name === phase)?.endMs ?? 0
    const phases = plan.phases.filter((each) => each.endMs > endMs).map(({ name }) => name)
    const facts = {
      n: 1,
      measured: null,
      interval: null,
      bound: withinMs,
      unit: 'ms',
      window: { fromMs: endMs, toMs: endMs + withinMs, phases },
    } as const
    const undecided = { ...facts, n: 0, result: 'inconclusive' } as const
    if (!fault) return { ...undecided, cause: 'fault_never_bit', why: `no fault of ${phase} was seen to act` }
    if (fault.clearedMs === null) return { ...undecided, cause: 'fault_not_cleared', why: `the fault of ${phase} was never cleared` }
    if (evidence.alerts.length === 0) return { ...undecided, cause: 'no_samples', why: NO_ALERTS, remedy: tellAlerts }
    const on = spellsOf(run, rule).filter(({ fromMs, toMs }) => fromMs < endMs && (toMs ?? Number.POSITIVE_INFINITY) > endMs)
    if (on.length === 0) return { ...undecided, cause: 'no_samples', why: `${alertWords(rule)} was not on at the end of the fault` }
    const open = on.find(({ toMs }) => toMs === null)
    if (open && evidence.end.atMs < endMs + withinMs)
      return {
        ...undecided,
        n: 1,
        cause: 'phase_not_reached',
        why: `still on when the evidence ends, ${span(evidence.end.atMs - endMs)} after the fault`,
      }
    if (open)
      return {
        ...facts,
        result: 'fail',
        cause: 'never_ended',
        why: `${open.rule} is still on at the end of the run; promised over within ${span(withinMs)}`,
      }
    const measured = Math.max(...on.map(({ toMs }) => toMs! - endMs))
    const why = `over after ${beside(measured, withinMs, span)}, promised ${span(withinMs)}`
    if (measured <= withinMs) return { ...facts, result: 'pass', measured, why }
    return {
      ...facts,
      result: 'fail',
      cause: 'never_ended',
      measured,
      why,
      withoutHarnessDelay: soonerWithoutDelay(measured, withinMs, endMs),
    }
  },
})
