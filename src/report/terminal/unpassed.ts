// The criteria that did not pass, worst first: what was demanded, why it is not so, the figures, and what to do about it.
import type { Finding, Verdict } from '../../judge/verdict.ts'
import { bound, margin, measured } from '../format.ts'
import { oneLine } from '../plain-text.ts'
import { markOf } from '../result-marks.ts'
import type { Ink } from './ink.ts'
import { WHOLE, asTyped, indented } from './laid-out.ts'

/** So many say all. What comes after them says what was demanded and measured. */
const TOLD = 6

export function unpassed({ findings }: Verdict, pen: Ink, page: number): string[] {
  const open = findings.filter(({ result }) => result !== 'pass')
  const width = Math.max(0, ...open.map(({ id }) => oneLine(id, ID).length))
  return open.flatMap((finding, at) => {
    const why = at < TOLD ? told(finding, open[at - 1], page, width) : []
    const figures = `measured ${measured(finding)}   bound ${bound(finding)}   margin ${margin(finding)}`
    return demanded(finding, pen, page, width).concat(why, indented(figures, page, left(width)))
  })
}

const ID = 12
const left = (width: number): number => width + 4

function demanded(finding: Finding, pen: Ink, page: number, width: number): string[] {
  const [first = '', ...others] = indented(oneLine(finding.sentence), page, left(width))
  return [
    `${pen.glyph(markOf(finding))} ${oneLine(finding.id, ID).padEnd(width)}  ${pen.strong(first.trimStart())}`,
    ...others.map((each) => pen.strong(each)),
  ]
}

/** A remedy may hold a command: it stands whole on its line, and once for findings in a row that share it. */
function told({ why, remedy }: Finding, before: Finding | undefined, page: number, width: number): string[] {
  const because = why === '' ? [] : indented(oneLine(why, WHOLE), page, left(width))
  const isSaid = remedy === undefined || remedy === before?.remedy
  return isSaid ? because : [...because, `${' '.repeat(left(width))}remedy: ${asTyped(remedy, WHOLE)}`]
}
