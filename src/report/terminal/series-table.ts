// Of several scenarios, a line each: what became of it, how long it took, and its seeds.
import type { Ms } from '../../kernel/clock.ts'
import { moment, plural, span } from '../../kernel/wording.ts'
import { type Series, resultOf } from '../../run/series.ts'
import { NOTHING } from '../format.ts'
import { oneLine } from '../plain-text.ts'
import { falseAlertsSentence, seriesCriteria, seriesMarks, verdictsOf } from '../series-result.ts'
import { type Column, columns } from './columns.ts'
import { type Ink, ink } from './ink.ts'

const NAME = 40
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
  const total = all.reduce((sum, series) => sum + playedOf(series), 0)
  const close = `${passed} of ${plural(all.length, 'scenario')} passed, ${span(total)} played`
  const alerts = falseAlertsSentence(verdictsOf(all)) ?? []
  return pen.finish([...columns(shape, rows, pen.faint), '', close, alerts, ''].flat().join('\n'))
}

function row(series: Series, pen: Ink): string[] {
  const { mark, word } = seriesMarks[resultOf(series)]
  const judged = series.runs.filter((run) => run.is === 'judged')
  const seeds = series.runs.map(({ seed }) => seed)
  return [
    pen.glyph(mark),
    oneLine(series.scenario, NAME),
    word,
    seriesCriteria(series),
    judged.length === 0 ? NOTHING : moment(playedOf(series)),
    seeds.length > 1 ? `${seeds[0]} to ${seeds.at(-1)}` : seeds.join(''),
  ]
}

/** Of all of its runs that were judged. */
function playedOf({ runs }: Series): Ms {
  return runs.reduce((total, run) => total + (run.is === 'judged' ? Math.min(run.evidence.end.atMs, run.record.plan.durationMs) : 0), 0)
}
