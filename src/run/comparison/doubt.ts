// Whether a difference between two runs may be the harness's: a slow one can have made the later run look worse, or the earlier one;
// failures that nobody saw make a run look better.
import type { Verdict } from '../../judge/verdict.ts'
import type { Change } from './change.ts'

/** What a measure is bent by. */
export type Bending = 'slower' | 'blind'

export function isDoubtful(seen: Change, bentBy: Bending, before: Verdict, now: Verdict): boolean {
  if (seen !== 'worse' && seen !== 'better') return false
  const isBent = ({ validity }: Verdict): boolean => validity.some(({ ok, bias }) => !ok && bias === bentBy)
  const bent = bentBy === 'slower' ? { worse: now, better: before } : { worse: before, better: now }
  return isBent(bent[seen])
}
