// Whether the verdict stands, in a sentence: what the checks of the run say of it.
import type { Result } from '../criteria/finding/raw-finding.ts'
import type { Verdict } from '../judge/verdict.ts'

/** "the verdict stands: all 28 checks of the run held" */
export function standingText({ result, validity }: Pick<Verdict, 'result' | 'validity'>): string {
  const failed = validity.filter(({ ok }) => !ok).length
  if (validity.length === 0) return 'no check of the run was made, so nothing speaks for the verdict'
  if (failed > 0) return `${inSpite[result]} ${failed} of ${validity.length} checks of it did not hold`
  const checks = `all ${validity.length} checks of the run held`
  return result === 'inconclusive' ? `${checks}; what is undecided needs more evidence` : `the verdict stands: ${checks}`
}

// The judge has weighed each finding against what did not hold: one that it could have made is inconclusive.
const inSpite: Record<Result, string> = {
  pass: 'the pass of this run stands, though',
  fail: 'the failure of this run stands, though',
  inconclusive: 'this run can carry no verdict:',
}
