// Whether the machine got its processor time, or its host gave it to other guests.
import { windowOf } from '../../criteria/measure/scope.ts'
import type { Case } from '../../criteria/finding/raw-finding.ts'
import { STOLEN_LIMIT, withheld, worst } from '../harness-delay.ts'
import type { ValidityCheck } from '../verdict.ts'
import { doctor } from '../remedy/again.ts'

/** None where the machine does not tell. */
export function stolenTime(run: Case): ValidityCheck[] {
  const { plan, evidence } = run
  if (!evidence.health.some(({ role, stolenMean }) => role === 'machine' && stolenMean !== null)) return []
  const stolen = worst(evidence, 'machine', windowOf(plan).phases, 'stolenMean')
  return [
    {
      id: 'stolen_time',
      ok: stolen <= STOLEN_LIMIT,
      sentence: `${withheld(stolen)} in the worst phase`,
      measured: stolen,
      bound: STOLEN_LIMIT,
      unit: 'ratio',
      bias: 'slower',
      remedy: stolen <= STOLEN_LIMIT ? null : `run on a machine whose host has fewer other guests; see what it can do: ${doctor(run)}`,
    },
  ]
}
