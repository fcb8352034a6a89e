// Whether every harness process had processor time left.
import { share } from '../../kernel/wording.ts'
import type { Case } from '../../criteria/finding/raw-finding.ts'
import { measuredRoles, processorLimit } from '../harness-delay.ts'
import type { ValidityCheck } from '../verdict.ts'
import { atHalfRate } from '../remedy/again.ts'

export function processorTime(run: Case): ValidityCheck[] {
  return measuredRoles(run, 'cpuMean').map(({ role, value }) => {
    const bound = processorLimit(run.evidence, role)
    return {
      id: `cpu:${role}`,
      ok: value <= bound,
      sentence: `${role} used ${share(value)} of a core in its busiest phase`,
      measured: value,
      bound,
      unit: 'ratio',
      bias: 'slower',
      remedy: value <= bound ? null : `lower the rate: ${atHalfRate(run)}`,
    }
  })
}
