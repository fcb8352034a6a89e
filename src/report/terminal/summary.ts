// The summary at the end of a run, on the terminal. What did not pass comes first and is told whole; what passed has the rows that are left.
//
//   verdict and counts │ what did not pass │ errors │ phases │ what passed │ breakers, whether the verdict stands, report │ how to repeat it
import { stripVTControlCharacters as plain } from 'node:util'
import { moment, plural } from '../../kernel/wording.ts'
import { bound, margin, measured } from '../format.ts'
import { countsSentence, markOf, marks } from '../result-marks.ts'
import { phaseCells, phaseFigures } from '../phase-figures.ts'
import { breakerJourneys } from '../breaker-journeys.ts'
import { oneLine } from '../plain-text.ts'
import type { JudgedRun } from '../../run/judged-run.ts'
import { type Column, columns } from './columns.ts'
import { errorLines } from './error-lines.ts'
import { type Ink, ink } from './ink.ts'
import { WHOLE, asTyped, hanging, line } from './laid-out.ts'
import { standing } from './standing.ts'
import { unpassed } from './unpassed.ts'

export interface SummaryOptions extends JudgedRun {
  /** As it is to be shown. */
  reportPath: string
  /** Columns; 84 if absent, at least 60, at most 110. */
  width?: number
  colour?: boolean
  /** No glyph outside ASCII. */
  ascii?: boolean
}

/** Of a run that passed. What did not pass takes more where it needs more. */
const ROWS = 32
const ID = 12

export function renderSummary({ reportPath, width = 84, colour = false, ascii = false, ...run }: SummaryOptions): string {
  const pen = ink({ colour, ascii })
  const page = Math.min(110, Math.max(60, width))
  const before = [[headline(run, pen)], unpassed(run.verdict, pen, page), errorLines(run, page), phaseLines(run, pen)]
  const after = [
    [
      ...breakerJourneys(run).flatMap((text, index) => hanging(index === 0 ? 'breakers' : '', text, page)),
      ...standing(run, pen, page),
      line('report', oneLine(reportPath, WHOLE)),
      line('started', oneLine(run.record.startedAt)),
    ],
    [pen.faint('to repeat it'), asTyped(run.record.command)],
  ]
  const taken = [...before, ...after].filter((block) => block.length > 0)
  const room = ROWS - taken.flat().length - taken.length
  const blocks = [...before, passed(run, pen, page, room), ...after]
  return pen.finish(
    `${blocks
      .filter((block) => block.length > 0)
      .map((block) => block.join('\n'))
      .join('\n\n')}\n`,
  )
}

function headline({ verdict, record, evidence }: JudgedRun, pen: Ink): string {
  const { end } = evidence
  const length =
    end.reason === 'complete' ? moment(record.plan.durationMs) : `INTERRUPTED at ${moment(end.atMs)} of ${moment(record.plan.durationMs)}`
  const word = pen.verdict(verdict.result, marks[verdict.result].word.toUpperCase())
  const facts = [countsSentence(verdict), record.simulated ? `${length} simulated` : length, `seed ${record.seed}`].join('   ')
  return `${pen.glyph(verdict.result)} ${word}  ${pen.strong(oneLine(verdict.scenario, 40))}   ${facts}`
}

function phaseLines({ record: { plan }, evidence }: JudgedRun, pen: Ink): string[] {
  const names = ['phase', 'requests', 'p50', 'p95', 'p99 ms', 'errors %', 'fallback %', 'attempts/req']
  const judged = plan.phases.filter((phase) => !phase.warmUp)
  const rows = judged.map(({ name }) => [oneLine(name, 24)].concat(phaseCells(phaseFigures(evidence, [name]))))
  return columns(
    names.map((name, index) => ({ name, align: index === 0 ? 'left' : 'right' })),
    rows,
    pen.faint,
  )
}

/** Near misses first. What has no room is counted. */
function passed({ verdict }: JudgedRun, pen: Ink, page: number, room: number): string[] {
  if (verdict.findings.length === 0) return ['no criteria: nothing this scenario could pass or fail']
  const all = verdict.findings.filter(({ result }) => result === 'pass')
  if (all.length === 0) return []
  const cells = all.map((finding) => [
    pen.glyph(markOf(finding)),
    oneLine(finding.id, ID),
    oneLine(finding.sentence),
    measured(finding),
    bound(finding),
    margin(finding),
  ])
  // The sentence has the width that the other five columns and the gaps leave.
  const taken = [0, 1, 3, 4, 5].reduce(
    (sum, column) => sum + Math.max(columnNames[column]!.length, ...cells.map((row) => plain(row[column]!).length)),
    0,
  )
  const shape = columnNames.map((name, at): Column => {
    if (at === 2) return { name, width: page - taken - 10 }
    return { name, align: at > 2 ? 'right' : 'left' }
  })
  for (let shown = cells.length; shown > 0; shown--) {
    const hidden = cells.length - shown
    const lines = columns(shape, cells.slice(0, shown), pen.faint)
    if (hidden > 0) lines.push(pen.faint(`   and ${hidden} more that passed`))
    if (lines.length <= room) return lines
  }
  return [pen.faint(plural(cells.length, 'criterion passed', 'criteria passed'))]
}

const columnNames = [' ', 'id', 'criterion', 'measured', 'bound', 'margin']
