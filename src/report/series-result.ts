// What became of a scenario's runs, in words: its mark, and what was counted.
import { addedAlerts } from '../judge/repeats.ts'
import type { Verdict } from '../judge/verdict.ts'
import { count, plural, share } from '../kernel/wording.ts'
import type { Series, SeriesResult } from '../run/series.ts'
import { NOTHING } from './format.ts'
import { oneLine } from './plain-text.ts'
import { type Mark, countsSentence, marks } from './result-marks.ts'

const IDS = 3

export const seriesMarks: Record<SeriesResult, { mark: Mark; word: string }> = {
  pass: { mark: 'pass', word: marks.pass.word },
  fail: { mark: 'fail', word: marks.fail.word },
  inconclusive: { mark: 'inconclusive', word: marks.inconclusive.word },
  not_played: { mark: 'fail', word: 'not played' },
  not_begun: { mark: 'inconclusive', word: 'not begun' },
}

/** "1 of 23 failed: C9"; of repeats what they say together, and how many of them there are where not all were judged. */
export function seriesCriteria({ runs, together }: Series): string {
  const judged = runs.filter((run) => run.is === 'judged')
  const missing = judged.length < runs.length && judged.length > 0 ? `; ${judged.length} of ${runs.length} runs judged` : ''
  // One run that fails is a failure, whatever all together say.
  const verdict = judged.find((run) => run.verdict.result === 'fail')?.verdict ?? together?.verdict ?? judged[0]?.verdict
  if (verdict === undefined) return NOTHING
  const open = verdict.findings.filter(({ result, severity }) => result === verdict.result && result !== 'pass' && severity !== 'warn')
  const ids = open.slice(0, IDS).map(({ id }) => oneLine(id, 12))
  const which = ids.length === 0 ? '' : `: ${ids.join(', ')}${open.length > IDS ? ' …' : ''}`
  return `${countsSentence(verdict)}${which}${missing}`
}

/** "1 of 12 alerts false (8.33 %)"; undefined where no run told of alerts, or was asked for any. */
export function falseAlertsSentence(verdicts: readonly Pick<Verdict, 'alerts'>[]): string | undefined {
  const alerts = addedAlerts(verdicts)
  if (!alerts) return undefined
  if (alerts.raised === 0) return 'no alert was told: the share of false ones is not known'
  return `${count(alerts.false)} of ${plural(alerts.raised, 'alert')} false (${share(alerts.false / alerts.raised)})`
}

/** The verdicts of all runs, one by one. */
export function verdictsOf(all: readonly Series[]): Verdict[] {
  return all.flatMap(({ runs }) => runs.flatMap((run) => (run.is === 'judged' ? run.verdict : [])))
}
