// alerts().noneFalse(): no alert begins without a reason. A reason is a fault that is on, or was on a moment ago, or an alert of such a
// fault that is still on: a breaker that is half-open after an outage is part of the outage.
import * as z from 'zod'
import { type Duration, parseDuration } from '../../kernel/duration.ts'
import type { Ms } from '../../kernel/clock.ts'
import { atTime, count, plural, span } from '../../kernel/wording.ts'
import { criterionType } from '../criterion-type.ts'
import type { Case } from '../finding/raw-finding.ts'
import { faultTimes } from '../measure/fault-window.ts'
import { wholeRun } from '../measure/scope.ts'
import { type WrittenCriterion, written } from '../writing/call-site.ts'
import { spanMs } from '../writing/fields.ts'
import { NO_ALERTS, spellsOf, tellAlerts } from './alert-spells.ts'

const AFTERMATH: Ms = 5000

export const falseAlerts = criterionType({
  kind: 'no_false_alerts',
  doc: {
    written: 'alerts().noneFalse()',
    demands: 'No alert begins while no fault is on, none was on shortly before, and no alert of one is still on.',
    over: 'run',
    counts: 'Alerts by when they begin.',
    samples: 'one alert',
    undecided: 'The gateway told of no alert: one that never alerts cannot be told from one that had no reason.',
  },
  fields: { rule: z.string().exactOptional(), aftermathMs: spanMs },
  build: {
    /** `aftermath`: for how long after a fault an alert may still begin (default 5 s). */
    noneFalse:
      (rule?: string) =>
      ({ aftermath = AFTERMATH }: { aftermath?: Duration } = {}): WrittenCriterion =>
        written({ kind: 'no_false_alerts', ...(rule !== undefined && { rule }), aftermathMs: parseDuration(aftermath) }),
  },
  relation: 'none',
  breaker: 'none',
  causes: ['false_alert'],
  sentence: ({ rule }) => `no ${rule === undefined ? 'alert' : `alert ${rule}`} is a false one`,
  phases: () => [],
  needs: () => 1,
  samplesIn: () => [],

  judge({ rule, aftermathMs }, run) {
    const alerts = spellsOf(run, rule)
    const base = { n: alerts.length, interval: null, bound: 0, unit: 'alerts', window: wholeRun(run.plan) } as const
    if (alerts.length === 0)
      return { ...base, result: 'inconclusive', cause: 'no_samples', measured: null, why: NO_ALERTS, remedy: tellAlerts }
    const groundless = withoutReason(run, aftermathMs, rule)
    const [first] = groundless
    if (!first) return { ...base, result: 'pass', measured: 0, why: `${plural(alerts.length, 'alert')}, each with a fault behind it` }
    const why = `${count(groundless.length)} of ${plural(alerts.length, 'alert')} began without a fault in the last ${span(aftermathMs)} (first ${first.rule} ${atTime(first.fromMs)})`
    return { ...base, result: 'fail', cause: 'false_alert', witnessed: true, measured: groundless.length, why }
  },
})

function withoutReason(run: Case, aftermathMs: Ms, rule?: string) {
  const faults = run.plan.faults.map((fault) => {
    const { requestedMs, clearedMs } = faultTimes(run.evidence, fault)
    return { fromMs: requestedMs ?? fault.startMs, toMs: (clearedMs ?? Number.POSITIVE_INFINITY) + aftermathMs }
  })
  // In order of time: whether an alert has a reason may hang on one before it.
  const reasons: { fromMs: Ms; toMs: Ms }[] = [...faults]
  return spellsOf(run).filter(({ fromMs, toMs, rule: name }) => {
    const hasReason = reasons.some((reason) => fromMs >= reason.fromMs && fromMs <= reason.toMs)
    if (hasReason) reasons.push({ fromMs, toMs: toMs ?? Number.POSITIVE_INFINITY })
    return !hasReason && (rule === undefined || name === rule)
  })
}
