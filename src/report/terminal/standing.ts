// Whether the verdict stands, and why: what the checks of the run say of it.
import type { JudgedRun } from '../../run/judged-run.ts'
import { oneLine } from '../plain-text.ts'
import { standingText } from '../standing.ts'
import type { Ink } from './ink.ts'
import { WHOLE, hanging } from './laid-out.ts'

const CHECKS = 4

export function standing({ verdict }: Pick<JudgedRun, 'verdict'>, pen: Ink, page: number): string[] {
  const failed = verdict.validity.filter(({ ok }) => !ok)
  const told = failed
    .slice(0, CHECKS)
    .map(({ sentence, remedy }) => `- ${oneLine(sentence, WHOLE)}${remedy ? `; ${oneLine(remedy, WHOLE)}` : ''}`)
  const rest = failed.length > CHECKS ? [`- and ${failed.length - CHECKS} more, all in the report`] : []
  const head = `${pen.glyph(failed.length === 0 ? 'pass' : 'inconclusive')} ${standingText(verdict)}`
  return [...hanging('stands', head, page), ...[...told, ...rest].flatMap((text) => hanging('', text, page))]
}
