// Requests that ended in an error, over all requests.
import { type Outcome, errorOutcomes } from '../../evidence/outcome.ts'
import { minimumSamples } from '../../scenario/sample-size.ts'
import type { Rule } from '../ruling.ts'
import { countIn, requestsIn, windowOf } from '../scope.ts'
import { type RateLimit, judgeRate, rateResult } from './rate.ts'

/** Errors that slowness alone can make. */
export const slowOutcomes: readonly Outcome[] = ['timeout', 'client_timeout']

export const errorRate: Rule<'error_rate'> = (criterion, { plan, evidence }) => {
  const window = windowOf(plan, criterion.during)
  const cells = requestsIn(evidence, { upstream: criterion.upstream, phases: window.phases })
  const n = countIn(cells)
  const errors = countIn(cells, errorOutcomes)
  const limit: RateLimit = {
    good: 'below',
    limit: criterion.below,
    needed: minimumSamples(criterion),
    cause: 'too_many_errors',
    what: 'failed',
  }
  return {
    ...judgeRate(errors, n, limit),
    window,
    unhurried: (slowness) => rateResult(slowness.unhealthy ? errors - countIn(cells, slowOutcomes) : errors, n, limit),
  }
}
