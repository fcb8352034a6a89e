// Whether the verdict stands, and why: what the checks of the run say of it.
import type { Result } from '../../criteria/finding/raw-finding.ts'
import type { JudgedRun } from '../../run/judged-run.ts'
import { oneLine } from '../plain-text.ts'
import type { Ink } from './ink.ts'
import { WHOLE, hanging } from './laid-out.ts'

const CHECKS = 4

export function standing({ verdict: { result, validity } }: Pick<JudgedRun, 'verdict'>, pen: Ink, page: number): string[] {
  const failed = validity.filter(({ ok }) => !ok)
  if (failed.length === 0) {
    const checks = `all ${validity.length} checks of the run held`
    const text = result === 'inconclusive' ? `${checks}; what is undecided needs more evidence` : `the verdict stands: ${checks}`
    return hanging('stands', `${pen.glyph('pass')} ${text}`, page)
  }
  const told = failed
    .slice(0, CHECKS)
    .map(({ sentence, remedy }) => `- ${oneLine(sentence, WHOLE)}${remedy ? `; ${oneLine(remedy, WHOLE)}` : ''}`)
  const rest = failed.length > CHECKS ? [`- and ${failed.length - CHECKS} more, all in the report`] : []
  const head = `${pen.glyph('inconclusive')} ${inSpite[result]}: ${failed.length} of ${validity.length} checks of it did not hold`
  return [...hanging('stands', head, page), ...[...told, ...rest].flatMap((text) => hanging('', text, page))]
}

// The judge has weighed each finding against what did not hold: one that it could have made is inconclusive.
const inSpite: Record<Result, string> = {
  pass: 'the pass stands, though the run is not whole',
  fail: 'the failure stands, though the run is not whole',
  inconclusive: 'this run can carry no verdict',
}
