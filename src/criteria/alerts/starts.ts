// alerts('breaker_open').startWithin('1s').of('outage'), or alerts() for any rule: the mean time to detect (MTTD) of one fault, from when it
// was on to the first alert. Of a gateway that tells of no alerts, the first opening of a breaker is the first sign that it noticed.
import { type Duration, parseDuration } from '../../kernel/duration.ts'
import { beside, span } from '../../kernel/wording.ts'
import { needsFault } from '../breaker/fault-phase.ts'
import { criterionType } from '../criterion-type.ts'
import { spells } from '../measure/breaker/breaker-history.ts'
import { soonerWithoutDelay } from '../measure/excuse.ts'
import { type WrittenCriterion, written } from '../writing/call-site.ts'
import { NO_ALERTS, alertWords, faultSpan, ofAlert, spellsOf, tellAlerts, upstreamsHit } from './alert-spells.ts'

export const alertStarts = criterionType({
  kind: 'alert_starts',
  doc: {
    written: "alerts('breaker_open').startWithin('1s').of('outage')",
    demands: "The gateway raises the alert, or without a rule any alert, soon after the phase's first fault (mean time to detect).",
    over: { between: "from when the phase's first fault was put on to its end" },
    counts: "The first alert after that; without a rule and without any alerts, a breaker's first opening.",
    samples: 'one fault',
    undecided: 'The fault was not seen to act, the run ends too early, or the gateway tells of no alerts.',
  },
  fields: ofAlert,
  build: {
    /** It begins at most this long after the phase's first fault was put on. */
    startWithin: (rule?: string) => (limit: Duration) => ({
      of: (phase: string): WrittenCriterion =>
        written({ kind: 'alert_starts', ...(rule !== undefined && { rule }), phase, withinMs: parseDuration(limit) }),
    }),
  },
  relation: 'at_most',
  breaker: 'none',
  causes: ['never_alerted', 'alerted_late'],
  sentence: ({ rule, phase, withinMs }) => `${alertWords(rule)} starts within ${span(withinMs)} of the fault in ${phase}`,
  phases: ({ phase }) => [phase],
  needs: () => 1,
  samplesIn: () => [],
  check: needsFault,

  judge({ rule, phase, withinMs }, run) {
    const { plan, evidence } = run
    const planned = plan.phases.find(({ name }) => name === phase)?.startMs ?? 0
    const fault = faultSpan(run, phase)
    const base = { n: 0, measured: null, interval: null, bound: withinMs, unit: 'ms' } as const
    const windowFrom = (fromMs: number) => ({ fromMs, toMs: fromMs + withinMs, phases: [phase] })
    if (!fault)
      return {
        ...base,
        result: 'inconclusive',
        cause: 'fault_never_bit',
        window: windowFrom(planned),
        why: `no fault of ${phase} was seen to act`,
      }
    const facts = { ...base, n: 1, window: windowFrom(fault.onMs) }
    const hasAlerts = evidence.alerts.length > 0
    const signs = hasAlerts
      ? spellsOf(run, rule).map(({ rule: name, subject, fromMs }) => ({ what: [name, subject].filter(Boolean).join(' of '), fromMs }))
      : rule === undefined
        ? upstreamsHit(plan, phase).flatMap((upstream) =>
            spells(evidence, upstream).flatMap(({ state, fromMs }) =>
              state === 'open' ? [{ what: `${upstream}'s breaker open`, fromMs }] : [],
            ),
          )
        : []
    const first = signs.filter(({ fromMs }) => fromMs >= fault.requestedMs).toSorted((a, b) => a.fromMs - b.fromMs)[0]
    if (!first && !hasAlerts) return { ...facts, result: 'inconclusive', cause: 'no_samples', why: NO_ALERTS, remedy: tellAlerts }
    if (!first && evidence.end.atMs < facts.window.toMs)
      return {
        ...facts,
        result: 'inconclusive',
        cause: 'phase_not_reached',
        why: `none when the evidence ends, ${span(evidence.end.atMs - fault.onMs)} after the fault began`,
      }
    if (!first)
      return { ...facts, result: 'fail', cause: 'never_alerted', why: `never started after the fault; promised within ${span(withinMs)}` }
    const measured = Math.max(0, first.fromMs - fault.onMs)
    const why = `${first.what} after ${beside(measured, withinMs, span)}, promised ${span(withinMs)}`
    if (measured <= withinMs) return { ...facts, result: 'pass', measured, why }
    const withoutHarnessDelay = soonerWithoutDelay(measured, withinMs, fault.onMs)
    return { ...facts, result: 'fail', cause: 'alerted_late', measured, why, withoutHarnessDelay }
  },
})
