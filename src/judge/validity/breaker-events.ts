// Whether there is an account of the breakers' transitions, and whether it is whole.
import { knownCriterion } from '../../criteria/criteria.ts'
import type { CustomCriteria } from '../../criteria/custom.ts'
import { eventsProblem } from '../../criteria/measure/breaker/breaker-account.ts'
import type { Case } from '../../criteria/raw-finding.ts'
import type { ValidityCheck } from '../verdict.ts'

export function breakerEvents(run: Case, custom: CustomCriteria): ValidityCheck[] {
  const { plan, evidence } = run
  const about = plan.criteria.flatMap(({ criterion }) => {
    const { breaker, upstream } = knownCriterion(criterion, custom)
    return breaker === 'events' && upstream !== undefined ? [upstream] : []
  })
  if (about.length === 0) return []
  const problem = about.map((upstream) => eventsProblem(run, upstream)).find((found) => found !== undefined)
  const why = about.flatMap((upstream) => run.inferred?.get(upstream) ?? [])[0]
  const count = evidence.transitions.length
  return [
    {
      id: 'breaker_events',
      ok: problem === undefined,
      sentence:
        problem ??
        (why === undefined
          ? `${count} breaker transitions received, without a gap`
          : `${why}; ${evidence.transitions.filter(({ upstream }) => run.inferred?.has(upstream)).length} transitions were inferred from traffic`),
      measured: count,
      bound: null,
      unit: 'transitions',
      bias: 'blind',
      remedy: problem === undefined ? null : 'let the gateway serve its breaker transitions as server-sent events',
    },
  ]
}
