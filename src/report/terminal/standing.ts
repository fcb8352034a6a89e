// Whether the verdict stands, and why: what the checks of the run say of it.
import type { JudgedRun } from '../../run/judged-run.ts'
import { oneLine } from '../plain-text.ts'
import { standingText } from '../standing.ts'
import type { Ink } from './ink.ts'
import { WHOLE, asTyped, hanging, line } from './laid-out.ts'

const CHECKS = 4

export function standing({ verdict }: Pick<JudgedRun, 'verdict'>, pen: Ink, page: number): string[] {
  const failed = verdict.validity.filter(({ ok }) => !ok)
  const head = `${pen.glyph(failed.length === 0 ? 'pass' : 'inconclusive')} ${standingText(verdict)}`
  const told = failed.slice(0, CHECKS).flatMap(({ sentence, remedy }) => {
    const lines = hanging('', `- ${oneLine(sentence, WHOLE)}`, page)
    // It may hold a command, which stands whole on its line.
    return remedy ? lines.concat(line('', `  remedy: ${asTyped(remedy, WHOLE)}`)) : lines
  })
  const rest = failed.length > CHECKS ? [line('', `- and ${failed.length - CHECKS} more, all in the report`)] : []
  return [...hanging('stands', head, page), ...told, ...rest]
}
