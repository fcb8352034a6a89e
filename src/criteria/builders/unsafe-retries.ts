// unsafeRetries('gemini').none()
import { type UpstreamRef, type WrittenCriterion, during, nameOf, written } from './written.ts'

export interface UnsafeRetriesCriterion {
  during(...phases: string[]): UnsafeRetriesCriterion
  /** No request that is not safe to repeat arrives at the upstream a second time. */
  none(): WrittenCriterion
}

export function unsafeRetries(of: UpstreamRef, phases: readonly string[] = []): UnsafeRetriesCriterion {
  return {
    during: (...names) => unsafeRetries(of, names),
    none: () => written({ kind: 'no_unsafe_retries', upstream: nameOf(of), ...during(phases) }),
  }
}
