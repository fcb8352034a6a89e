// Whether no harness process stood still for long.
import { span } from '../../kernel/wording.ts'
import type { Case } from '../../criteria/finding/raw-finding.ts'
import { LOOP_DELAY_LIMIT, measuredRoles } from '../harness-delay.ts'
import type { ValidityCheck } from '../verdict.ts'
import { doctor } from '../remedy/again.ts'

export function loopDelay(run: Case): ValidityCheck[] {
  return measuredRoles(run, 'loopDelayMax').map(({ role, value }) => ({
    id: `loop_delay:${role}`,
    ok: value <= LOOP_DELAY_LIMIT,
    sentence: `the longest stall of ${role} was ${span(value)}`,
    measured: value,
    bound: LOOP_DELAY_LIMIT,
    unit: 'ms',
    bias: 'slower',
    remedy: value <= LOOP_DELAY_LIMIT ? null : `run on a quieter machine; see what it can do: ${doctor(run)}`,
  }))
}
