// Whether requests were sent when they were due.
import { span } from '../../kernel/wording.ts'
import { windowOf } from '../../criteria/measure/scope.ts'
import type { Case } from '../../criteria/finding/raw-finding.ts'
import { spanAtQuantile } from '../../evidence/latency-histogram.ts'
import { LATENESS_P99_LIMIT, latenessIn } from '../harness-delay.ts'
import type { ValidityCheck } from '../verdict.ts'
import { atHalfRate } from '../remedy/again.ts'

export function lateness(run: Case): ValidityCheck[] {
  const { plan, evidence } = run
  const p99 = spanAtQuantile(latenessIn(evidence, windowOf(plan).phases), 0.99)
  const ok = p99 !== null && p99 <= LATENESS_P99_LIMIT
  return [
    {
      id: 'lateness',
      ok,
      sentence: p99 === null ? 'no request was sent' : `99 % of requests were sent at most ${span(p99)} late`,
      measured: p99,
      bound: LATENESS_P99_LIMIT,
      unit: 'ms',
      bias: 'slower',
      remedy: ok ? null : `lower the rate: ${atHalfRate(run)}`,
    },
  ]
}
