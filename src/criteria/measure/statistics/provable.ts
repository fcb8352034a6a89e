// Bounds that a measurement can prove.
import type { Ms } from '../../../kernel/clock.ts'
import type { CriterionProblem } from '../../criterion.ts'

/** What keeps counting from proving that a share lies beyond `share` (0–1). */
export function unprovableShare(share: number): CriterionProblem[] {
  if (share > 0 && share < 1) return []
  return [{ message: `a bound of ${share * 100} % can never be proved by counting; choose one strictly between 0 % and 100 %` }]
}

/** What keeps any answer from being faster than `belowMs`. */
export function unprovableLatency(belowMs: Ms): CriterionProblem[] {
  return belowMs > 0 ? [] : [{ message: 'cannot pass: no answer takes less than nothing' }]
}
