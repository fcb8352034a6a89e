// Whether there is an account of the breakers' transitions, and whether it is whole.
import type { KnownCriterion } from '../../criteria/criterion.ts'
import { eventsProblem } from '../../criteria/measure/breaker/breaker-account.ts'
import { transitionsOf } from '../../criteria/measure/breaker/breaker-history.ts'
import type { Case } from '../../criteria/finding/raw-finding.ts'
import { isExpected } from '../../plan/expectations.ts'
import type { ValidityCheck } from '../verdict.ts'
import { eventsRemedy } from '../remedy/events-remedy.ts'

export function breakerEvents(run: Case, known: readonly KnownCriterion[]): ValidityCheck[] {
  const { plan, evidence } = run
  const about = plan.criteria.flatMap(({ severity }, at) => {
    const { breaker, upstream } = known[at]!
    if (breaker !== 'events' || upstream === undefined || severity === 'warn') return []
    // Nobody misses the account of a breaker that nobody expects and nobody saw.
    return isExpected(plan.gateway, upstream, 'breaker') || transitionsOf(evidence, upstream).length > 0 ? [upstream] : []
  })
  if (about.length === 0) return []
  const doubted = about.find((upstream) => eventsProblem(run, upstream) !== undefined)
  const problem = doubted && eventsProblem(run, doubted)
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
      remedy: problem === undefined ? null : eventsRemedy(run, doubted),
    },
  ]
}
