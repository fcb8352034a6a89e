// Planned requests of which there is no record. They count against a pass: each may have been the slowest, or have failed.
import { plural } from '../../../kernel/wording.ts'
import { reaches } from '../../../plan/plan.ts'
import type { Cause } from '../../finding/cause.ts'
import type { Case, RawFinding, Result } from '../../finding/raw-finding.ts'
import { type Scoped, countIn, requestsIn } from '../scope.ts'

export function missingIn({ plan, evidence }: Case, scope: Scoped): number {
  const { upstream, phases } = scope
  const routes = new Set(plan.load.mix.filter((route) => upstream === undefined || reaches(route, upstream)).map(({ route }) => route))
  const planned = evidence.planned
    .filter(({ phase, route }) => phases.includes(phase) && routes.has(route))
    .reduce((total, { requests }) => total + requests, 0)
  return Math.max(0, planned - countIn(requestsIn(evidence, scope)))
}

/** The finding, undecided where it passes only if none of the missing requests was a bad one. */
export function doubtMissing<Given extends Cause>(
  raw: RawFinding<Given>,
  missing: number,
  atWorst: () => Result,
): RawFinding<Given | 'load_not_delivered'> {
  if (raw.result !== 'pass' || missing === 0 || atWorst() === 'pass') return raw
  const why = `${plural(missing, 'planned request')} left no record, and if they failed it does not pass (so far: ${raw.why})`
  return { ...raw, result: 'inconclusive', cause: 'load_not_delivered', why }
}
