// What clients got in place of an answer: a line for each kind, status and route, the most frequent first, with the phases of each.
import { errorOutcomes } from '../../contract/outcome.ts'
import { unreached } from '../../criteria/measure/gaps/unreached.ts'
import { count, plural, share } from '../../kernel/wording.ts'
import type { JudgedRun } from '../../run/judged-run.ts'
import { type FailureRow, failureRows, judgedPhases } from '../failure-rows.ts'
import { phaseFigures } from '../phase-figures.ts'
import { oneLine } from '../plain-text.ts'
import { hanging } from './laid-out.ts'

const ROWS = 6
const PHASES = 4

export function errorLines({ record: { plan }, evidence }: Pick<JudgedRun, 'record' | 'evidence'>, page: number): string[] {
  const { requests } = phaseFigures(evidence, judgedPhases(plan))
  const rows = failureRows(plan, evidence).filter(({ outcome }) => errorOutcomes.includes(outcome))
  if (rows.length === 0) return []
  const failed = total(rows)
  const rest = rows.slice(ROWS)
  const lines = [
    `${count(failed)} of ${plural(requests, 'request')} failed (${share(failed / requests)})`,
    ...rows.slice(0, ROWS).map(kindText),
    ...(rest.length === 0 ? [] : [`and ${count(total(rest))} of ${plural(rest.length, 'rarer kind')}`]),
  ]
  const hints = unreached({ plan, evidence }).map(({ why, remedy }) => oneLine(`${why}: ${remedy}`))
  return [
    ...lines.flatMap((text, at) => hanging(at === 0 ? 'errors' : '', text, page)),
    ...hints.flatMap((text, at) => hanging(at === 0 ? 'hint' : '', text, page)),
  ]
}

/** "780 × rejected 503 circuit_open to gemini.generate: outage 700, recovery 80" */
function kindText({ outcome, status, error, route, count: hit, phases }: FailureRow): string {
  const kind = outcome.replaceAll('_', ' ')
  const facts = [kind, ...(status > 0 ? [String(status)] : []), ...(error === '' || error === outcome ? [] : [error])]
  const where = phases.toSorted((a, b) => b.count - a.count).map((each) => `${each.phase} ${count(each.count)}`)
  const more = where.length > PHASES ? `, and ${where.length - PHASES} more phases` : ''
  return oneLine(`${count(hit)} × ${facts.join(' ')} to ${route}: ${where.slice(0, PHASES).join(', ')}${more}`)
}

const total = (rows: readonly FailureRow[]): number => rows.reduce((sum, each) => sum + each.count, 0)
