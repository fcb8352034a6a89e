// Whether the run was recorded to its end.
import { span } from '../../kernel/wording.ts'
import type { Evidence } from '../../evidence/evidence.ts'
import { isComplete } from '../../criteria/measure/fault-window.ts'
import type { Case } from '../../criteria/finding/raw-finding.ts'
import type { ValidityCheck } from '../verdict.ts'
import { again } from '../remedy/again.ts'

export function endText({ end }: Evidence): string {
  const how = { complete: 'ran to its end', interrupted: 'was interrupted', failed: 'failed', cut: 'was cut off' }[end.reason]
  return `the run ${how} ${span(end.atMs)} after load start${end.detail === undefined ? '' : `: ${end.detail}`}`
}

export function journalComplete(run: Case): ValidityCheck[] {
  const { plan, evidence } = run
  const ok = isComplete(evidence)
  return [
    {
      id: 'journal_complete',
      ok,
      sentence: endText(evidence),
      measured: evidence.end.atMs,
      bound: plan.durationMs,
      unit: 'ms',
      bias: 'blind',
      remedy: ok ? null : `run it again, and let it finish: ${again(run)}`,
    },
  ]
}
