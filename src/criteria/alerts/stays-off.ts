// alerts('part_degraded').stayOffDuring('flicker'): the gateway takes a small trouble in its stride. No such alert begins while the fault of the
// phase is on, or goes on into it. That the gateway would have told of it is known from where it does tell: the run has another phase for that.
import * as z from 'zod'
import { atTime, plural } from '../../kernel/wording.ts'
import { needsFault } from '../breaker/fault-phase.ts'
import { criterionType } from '../criterion-type.ts'
import { type WrittenCriterion, written } from '../writing/call-site.ts'
import { alertWords, faultSpan, spellsOf, tellAlerts } from './alert-spells.ts'

export const alertStaysOff = criterionType({
  kind: 'alert_stays_off',
  doc: {
    written: "alerts('part_degraded').stayOffDuring('flicker')",
    demands: 'No such alert, or without a rule no alert at all, is on while the faults of the phase are.',
    over: { between: "from when the phase's first fault was put on to when its last one was taken off" },
    counts: 'Alerts that are on in that time.',
    samples: 'one alert in another phase',
    undecided: 'The fault was not seen to act or not taken off, or such an alert never was on: nothing shows that it would have been told.',
  },
  fields: { rule: z.string().exactOptional(), phase: z.string() },
  build: {
    /** It is not on from when the phase's first fault was put on to when its last one was taken off. */
    stayOffDuring:
      (rule?: string) =>
      (phase: string): WrittenCriterion =>
        written({ kind: 'alert_stays_off', ...(rule !== undefined && { rule }), phase }),
  },
  relation: 'none',
  breaker: 'none',
  causes: ['alerted_in_vain'],
  sentence: ({ rule, phase }) => `${alertWords(rule)} stays off during the fault in ${phase}`,
  phases: ({ phase }) => [phase],
  needs: () => 1,
  samplesIn: () => [],
  check: needsFault,

  judge({ rule, phase }, run) {
    const { plan } = run
    const planned = plan.phases.find(({ name }) => name === phase)
    const fault = faultSpan(run, phase)
    const all = spellsOf(run, rule)
    const [fromMs, toMs] = [fault?.onMs ?? planned?.startMs ?? 0, fault?.clearedMs ?? planned?.endMs ?? 0]
    const window = { fromMs, toMs, phases: [phase] }
    const facts = { n: all.length, interval: null, bound: 0, unit: 'alerts', window } as const
    const undecided = { ...facts, result: 'inconclusive', measured: null } as const
    if (!fault) return { ...undecided, cause: 'fault_never_bit', why: `no fault of ${phase} was seen to act` }
    const on = all.filter((alert) => alert.fromMs < toMs && (alert.toMs ?? Number.POSITIVE_INFINITY) > fromMs)
    const [first] = on
    if (first) {
      const why = `${plural(on.length, 'alert')} meanwhile (first ${first.rule} ${atTime(first.fromMs)})`
      return { ...facts, result: 'fail', cause: 'alerted_in_vain', witnessed: true, measured: on.length, why }
    }
    if (fault.clearedMs === null) return { ...undecided, cause: 'fault_not_cleared', why: `the fault of ${phase} was never cleared` }
    if (all.length === 0)
      return { ...undecided, cause: 'no_samples', why: `${alertWords(rule)} was never on, in no phase of the run`, remedy: tellAlerts }
    return { ...facts, result: 'pass', measured: 0, why: `none; ${plural(all.length, 'alert')} at other times` }
  },
})
