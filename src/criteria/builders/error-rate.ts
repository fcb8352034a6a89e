// errorRate().of('gemini').during('recovery').below('0.1%')
import type { Scope } from '../criterion.ts'
import { type Share, type UpstreamRef, type WrittenCriterion, during, nameOf, share, written } from './written.ts'

export interface ErrorRateCriterion {
  of(upstream: UpstreamRef): ErrorRateCriterion
  during(...phases: string[]): ErrorRateCriterion
  /** Requests that ended in an error, over all; a fallback is no error. */
  below(limit: Share): WrittenCriterion
}

export function errorRate(scope: Scope = {}): ErrorRateCriterion {
  return {
    of: (upstream) => errorRate({ ...scope, upstream: nameOf(upstream) }),
    during: (...phases) => errorRate({ ...scope, ...during(phases) }),
    below: (limit) => written({ kind: 'error_rate', below: share(limit), ...scope }),
  }
}
