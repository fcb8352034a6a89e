// Whether criteria found that what was reported and what was seen differ, where no other check says so.
import { plural } from '../../kernel/wording.ts'
import type { Finding, ValidityCheck } from '../verdict.ts'

/** The checks, and one more that does not hold for contradictions that only criteria found. */
export function withContradictions(checks: readonly ValidityCheck[], findings: readonly Finding[]): ValidityCheck[] {
  const found = findings.filter(({ cause, result, severity }) => cause === 'contradiction' && result !== 'pass' && severity === 'error')
  const isSaid = checks.some(({ id, ok }) => !ok && id.startsWith('witnesses:'))
  if (found.length === 0 || isSaid) return [...checks]
  return [
    ...checks,
    {
      id: 'contradictions',
      ok: false,
      sentence: `${plural(found.length, 'criterion', 'criteria')} found that what was reported is not what was seen`,
      measured: found.length,
      bound: 0,
      unit: 'criteria',
      // The findings are undecided, or failed, already.
      bias: 'none',
      remedy: 'see the findings that name a contradiction',
    },
  ]
}
