// Whether every harness process had processor time left.
import { share } from '../../kernel/wording.ts'
import type { Case } from '../../criteria/raw-finding.ts'
import { CPU_LIMIT, measuredRoles } from '../harness-delay.ts'
import type { ValidityCheck } from '../verdict.ts'

export function processorTime(run: Case): ValidityCheck[] {
  return measuredRoles(run, 'cpuMean').map(({ role, value }) => ({
    id: `cpu:${role}`,
    ok: value <= CPU_LIMIT,
    sentence: `${role} used ${share(value)} of a core in its busiest phase`,
    measured: value,
    bound: CPU_LIMIT,
    unit: 'ratio',
    bias: 'slower',
    remedy: value <= CPU_LIMIT ? null : `lower the rate: ${role} has no processor time left`,
  }))
}
