// The summary at the end of a run, on the terminal: at most 26 rows.
//
//   verdict and counts │ why │ criteria │ phases │ breakers, validity, where the report is, how to run it again
import { stripVTControlCharacters as plain } from 'node:util'
import { moment } from '../../kernel/wording.ts'
import { bound, margin, measured } from '../format.ts'
import { countsSentence, markOf, marks } from '../result-marks.ts'
import { phaseCells, phaseFigures } from '../phase-figures.ts'
import { breakerJourneys } from '../breaker-journeys.ts'
import { oneLine, plainText } from '../plain-text.ts'
import type { JudgedRun } from '../../run/judged-run.ts'
import { type Column, columns } from './columns.ts'
import { type Ink, ink } from './ink.ts'
import { wrapped } from './wrapped.ts'

export interface SummaryOptions extends JudgedRun {
  /** As it is to be shown. */
  reportPath: string
  /** Columns; 84 if absent, at least 60, at most 110. */
  width?: number
  colour?: boolean
  /** No glyph outside ASCII. */
  ascii?: boolean
}

const ROWS = 26
const MARGIN = 10
const REASONS = 2
const CHECKS = 4
const ID = 12
// Longer than any sentence of a judge, so that only what came from outside is ever cut.
const WHOLE = 1000

export function renderSummary({ reportPath, width = 84, colour = false, ascii = false, ...run }: SummaryOptions): string {
  const pen = ink({ colour, ascii })
  const page = Math.min(110, Math.max(60, width))
  const top = [headline(run, pen), ...reasons(run, pen, page)]
  const tail = [...breakers(run, page), ...valid(run, pen, page), line('report', oneLine(reportPath, WHOLE)), ...ending(run)]
  const phases = phaseLines(run, pen)
  // Criteria get the rows that are left, and never fewer than what did not pass.
  const room = ROWS - top.length - tail.length - phases.length - 4
  const blocks = [top, criteria(run, pen, page, room), phases, tail]
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
  const facts = [countsSentence(verdict), length, `seed ${record.seed}`].join('   ')
  return `${pen.glyph(verdict.result)} ${word}  ${pen.strong(oneLine(verdict.scenario, 40))}   ${facts}`
}

function reasons({ verdict }: JudgedRun, pen: Ink, page: number): string[] {
  const open = verdict.findings.filter((finding) => finding.result !== 'pass')
  if (open.length === 0) return []
  const told = open.slice(0, REASONS)
  const shown = told.flatMap(({ id, why, sentence, remedy }, at) => {
    const because = hanging('why', `${oneLine(id, ID)}: ${oneLine(why || sentence, WHOLE)}`, page)
    const isSaid = remedy === undefined || remedy === told[at - 1]?.remedy
    return isSaid ? because : because.concat(line('remedy', asTyped(remedy, WHOLE)))
  })
  const rest = open.length - REASONS
  return ['', ...shown, ...(rest > 0 ? [pen.faint(`${' '.repeat(MARGIN)}and ${rest} more below`)] : [])]
}

function criteria({ verdict }: JudgedRun, pen: Ink, page: number, room: number): string[] {
  if (verdict.findings.length === 0) return ['no criteria: nothing this scenario could pass or fail']
  const urgent = verdict.findings.filter((finding) => markOf(finding) !== 'pass').length
  const fits = Math.max(urgent, room)
  const shown = verdict.findings.length <= fits ? verdict.findings : verdict.findings.slice(0, Math.max(urgent, fits - 1))
  const cells = shown.map((finding) => [
    pen.glyph(markOf(finding)),
    oneLine(finding.id, ID),
    '',
    measured(finding),
    bound(finding),
    margin(finding),
  ])
  // The sentence has the width that the other five columns and the gaps leave.
  const taken = [0, 1, 3, 4, 5].reduce(
    (sum, column) => sum + Math.max(columnNames[column]!.length, ...cells.map((row) => plain(row[column]!).length)),
    0,
  )
  const sentence = page - taken - 10
  const rows = cells.map((row, index) => row.with(2, oneLine(shown[index]!.sentence)))
  const shape: Column[] = [
    { name: ' ' },
    { name: 'id' },
    { name: 'criterion', width: sentence },
    { name: 'measured', align: 'right' },
    { name: 'bound', align: 'right' },
    { name: 'margin', align: 'right' },
  ]
  const hidden = verdict.findings.length - shown.length
  return [...columns(shape, rows, pen.faint), ...(hidden > 0 ? [pen.faint(`   and ${hidden} more that passed`)] : [])]
}

const columnNames = [' ', 'id', 'criterion', 'measured', 'bound', 'margin']

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

function breakers(run: JudgedRun, page: number): string[] {
  return breakerJourneys(run).flatMap((text, index) => hanging(index === 0 ? 'breakers' : '', text, page))
}

function valid({ verdict }: JudgedRun, pen: Ink, page: number): string[] {
  const failed = verdict.validity.filter((check) => !check.ok)
  if (failed.length === 0) return [line('valid', `${pen.glyph('pass')} all ${verdict.validity.length} checks of the run held`)]
  const told = failed
    .slice(0, CHECKS)
    .map(({ sentence, remedy }) => `${oneLine(sentence, WHOLE)}${remedy ? `; ${oneLine(remedy, WHOLE)}` : ''}`)
  const rest = failed.length > CHECKS ? [`and ${failed.length - CHECKS} more, all in the report`] : []
  const [first = '', ...others] = [...told, ...rest]
  const head = `${plain(pen.glyph('inconclusive'))} ${failed.length} of ${verdict.validity.length} checks did not hold: ${first}`
  return [...hanging('valid', head, page), ...others.flatMap((text) => hanging('', text, page))]
}

function ending({ record }: JudgedRun): string[] {
  return [line('replay', asTyped(record.command)), line('started', oneLine(record.startedAt))]
}

/** A command is copied, so it is neither wrapped nor changed: a blank inside its quotes counts. */
const asTyped = (command: string, longest = 4000): string => plainText(command, longest).replaceAll(/[\n\t]/g, ' ')

const line = (name: string, text: string): string => name.padEnd(MARGIN) + text

/** A name in the margin, and the text beside it, wrapped. */
function hanging(name: string, text: string, page: number): string[] {
  return wrapped(text, page - MARGIN).map((part, index) => line(index === 0 ? name : '', part))
}
