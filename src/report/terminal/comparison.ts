// A comparison on the terminal: the answer, what was changed on purpose, and a line for all that is worse, better or untold.
import { marks } from '../result-marks.ts'
import { type ChangeLine, changeLines, changeWords, countsText } from '../comparison-text.ts'
import { oneLine } from '../plain-text.ts'
import type { Comparison, ComparedRun } from '../../run/comparison/comparison.ts'
import { columns } from './columns.ts'
import { ink } from './ink.ts'

export function renderComparison(
  comparison: Comparison,
  { colour = false, ascii = false }: { colour?: boolean; ascii?: boolean } = {},
): string {
  const pen = ink({ colour, ascii })
  const { result, scenario, before, now, changed, incomparable } = comparison
  const [mark, answer] = answers[result]
  const lines = changeLines(comparison)
  return pen.finish(
    [
      `${pen.glyph(mark)} ${pen.verdict(mark, answer)}  ${pen.strong(oneLine(scenario, 60))}`,
      `before     ${runText(before)}`,
      `now        ${runText(now)}`,
      ...incomparable.map((why) => `because    ${oneLine(why, 1000)}`),
      ...changed.map((each) => `changed    ${oneLine(each, 1000)}`),
      ...(incomparable.length > 0 ? [] : [countsText(comparison)]),
      ...(lines.length === 0 ? [] : ['', ...columns(shape, lines.map(cells), pen.faint)]),
      '',
    ].join('\n'),
  )
}

const answers = {
  worse: ['fail', 'WORSE'],
  untold: ['inconclusive', 'CANNOT BE TOLD'],
  better: ['pass', 'BETTER'],
  within_noise: ['pass', 'NOTHING WORSE'],
  too_few: ['pass', 'NOTHING WORSE'],
  incomparable: ['inconclusive', 'CANNOT BE COMPARED'],
} as const satisfies Record<Comparison['result'], [mark: keyof typeof marks, answer: string]>

const shape = [{ name: 'change' }, { name: 'what' }, { name: 'before', align: 'right' as const }, { name: 'now', align: 'right' as const }]

const cells = ({ name, change, before, now }: ChangeLine): string[] => [
  changeWords[change],
  oneLine(name, 90),
  oneLine(before),
  oneLine(now),
]

const runText = ({ startedAt, seed, result }: ComparedRun): string => oneLine(`${startedAt}, seed ${seed}, ${marks[result].word}`)
