// alerts().noneFalse(): no alert begins without a reason. A reason is a fault that is on, or was on a moment ago, or an alert of such a
// fault that is still on: a breaker that is half-open after an outage is part of the outage.
import * as z from 'zod'
import { type Duration, parseDuration } from '../../kernel/duration.ts'
import { atTime, count, plural, span } from '../../kernel/wording.ts'
import { criterionType } from '../criterion-type.ts'
import { wholeRun } from '../measure/scope.ts'
import { type WrittenCriterion, written } from '../writing/call-site.ts'
import { spanMs } from '../writing/fields.ts'
import { NO_ALERTS, spellsOf, tellAlerts } from './alert-spells.ts'
import { AFTERMATH, falseOnes } from './false-ones.ts'

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
    const groundless = falseOnes(run, aftermathMs, rule)
    const [first] = groundless
    if (!first) return { ...base, result: 'pass', measured: 0, why: `${plural(alerts.length, 'alert')}, each with a fault behind it` }
    const why = `${count(groundless.length)} of ${plural(alerts.length, 'alert')} began without a fault in the last ${span(aftermathMs)} (first ${first.rule} ${atTime(first.fromMs)})`
    return { ...base, result: 'fail', cause: 'false_alert', witnessed: true, measured: groundless.length, why }
  },
})
