// Of several scenarios, a line each: what became of it, how long it took, and its seeds.
import { moment, plural } from '../../kernel/wording.ts'
import { type Series, resultOf } from '../../run/series.ts'
import { NOTHING } from '../format.ts'
import { oneLine } from '../plain-text.ts'
import { seriesCriteria, seriesMarks } from '../series-result.ts'
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
  return pen.finish([...columns(shape, rows, pen.faint), '', `${passed} of ${plural(all.length, 'scenario')} passed`, ''].join('\n'))
}

function row(series: Series, pen: Ink): string[] {
  const { mark, word } = seriesMarks[resultOf(series)]
  const judged = series.runs.filter((run) => run.is === 'judged')
  const seeds = series.runs.map(({ seed }) => seed)
  const played = judged.reduce((total, { evidence, record }) => total + Math.min(evidence.end.atMs, record.plan.durationMs), 0)
  return [
    pen.glyph(mark),
    oneLine(series.scenario, NAME),
    word,
    seriesCriteria(series),
    judged.length === 0 ? NOTHING : moment(played),
    seeds.length > 1 ? `${seeds[0]} to ${seeds.at(-1)}` : seeds.join(''),
  ]
}
