// Whether good answers came from the upstreams at all. A gateway that makes up every answer passes any limit.
import type { ValidityCheck } from '../verdict.ts'
import type { Case } from '../../criteria/finding/raw-finding.ts'
import { windowOf } from '../../criteria/measure/scope.ts'
import { answersOf, answersText } from '../../criteria/measure/gaps/unsupported-answers.ts'

export function answersSupported({ plan, evidence }: Case): ValidityCheck[] {
  const { phases } = windowOf(plan)
  return Object.keys(plan.upstreams).flatMap((upstream) => {
    const seen = answersOf(evidence, upstream, phases)
    if (seen.ok === 0) return []
    const ok = seen.good > 0
    return [
      {
        id: `answered:${upstream}`,
        ok,
        sentence: answersText(seen, upstream),
        measured: seen.good,
        bound: 1,
        unit: 'requests',
        bias: 'blind',
        remedy: ok ? null : `let the gateway ask ${upstream}, at the base URL that it was given`,
      },
    ]
  })
}
