// Of several scenarios, a line each: what became of it, how long it took, and its seeds.
import { moment, plural } from '../../kernel/wording.ts'
import { type Series, type SeriesResult, resultOf } from '../../run/series.ts'
import { NOTHING } from '../format.ts'
import { oneLine } from '../plain-text.ts'
import { type Mark, countsSentence, marks } from '../result-marks.ts'
import { type Column, columns } from './columns.ts'
import { type Ink, ink } from './ink.ts'

const NAME = 40
const IDS = 3
const shape: readonly Column[] = [
  { name: ' ' },
  { name: 'scenario' },
  { name: 'verdict' },
  { name: 'criteria' },
  { name: 'played', align: 'right' },
  { name: 'seed' },
]

/** `all` in the order in which they were played. */
export function renderSeriesTable(all: readonly Series[], { colour = false, ascii = false } = {}): string {
  const pen = ink({ colour, ascii })
  const rows = all.map((series) => row(series, pen))
  const passed = all.filter((series) => resultOf(series) === 'pass').length
  return pen.finish([...columns(shape, rows, pen.faint), '', `${passed} of ${plural(all.length, 'scenario')} passed`, ''].join('\n'))
}

const words: Record<SeriesResult, { mark: Mark; word: string }> = {
  pass: { mark: 'pass', word: marks.pass.word },
  fail: { mark: 'fail', word: marks.fail.word },
  inconclusive: { mark: 'inconclusive', word: marks.inconclusive.word },
  not_played: { mark: 'fail', word: 'not played' },
  not_begun: { mark: 'inconclusive', word: 'not begun' },
}

function row(series: Series, pen: Ink): string[] {
  const { mark, word } = words[resultOf(series)]
  const judged = series.runs.filter((run) => run.is === 'judged')
  const seeds = series.runs.map(({ seed }) => seed)
  const played = judged.reduce((total, { evidence, record }) => total + Math.min(evidence.end.atMs, record.plan.durationMs), 0)
  return [
    pen.glyph(mark),
    oneLine(series.scenario, NAME),
    word,
    criteria(series),
    judged.length === 0 ? NOTHING : moment(played),
    seeds.length > 1 ? `${seeds[0]} to ${seeds.at(-1)}` : seeds.join(''),
  ]
}

/** "1 of 23 failed: C9"; of repeats what they say together, and how many of them there are where not all were judged. */
function criteria({ runs, together }: Series): string {
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
