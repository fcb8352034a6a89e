// Whether there is an account of the breakers, and whether it is whole.
import { eventsProblem } from '../../criteria/measure/breaker-account.ts'
import { reportsBreakers } from '../../criteria/measure/inferred-breaker.ts'
import type { Given } from '../../criteria/ruling.ts'
import type { Guard } from '../verdict.ts'

export function breakerEvents(given: Given): Guard[] {
  const { plan, evidence } = given
  const about = plan.criteria.flatMap(({ criterion }) => (restsOnEvents.has(criterion.kind) ? [criterion.upstream ?? ''] : []))
  if (about.length === 0) return []
  const problem = about.map((upstream) => eventsProblem(given, upstream)).find((found) => found !== undefined)
  const count = evidence.transitions.length
  return [
    {
      id: 'breaker_events',
      ok: problem === undefined,
      sentence:
        problem ??
        (reportsBreakers(evidence)
          ? `${count} breaker transitions received, without a gap`
          : `the gateway reports no breaker events; ${count} transitions were inferred from traffic`),
      measured: count,
      bound: null,
      unit: 'transitions',
      bias: 'blind',
      remedy: problem === undefined ? null : 'let the gateway serve its breaker transitions as server-sent events',
    },
  ]
}

const restsOnEvents: ReadonlySet<string> = new Set(['transitions', 'opens_within', 'closes_within', 'stays_closed'])
