// Requests that ended in an error, over all requests.
import { type Outcome, errorOutcomes } from '../contract/outcome.ts'
import { minimumSamples } from './sample-size.ts'
import type { Plan } from '../plan/plan.ts'
import type { Rule, Ruling, Slowness } from './ruling.ts'
import { countIn, requestsIn, windowOf } from './measure/scope.ts'
import { doubtUnbacked, unbackedIn } from './measure/unsupported-answers.ts'
import { couldOpen } from './breaker-words.ts'
import { type RateLimit, judgeRate, rateResult } from './measure/rate.ts'

/** Errors that the harness's slowness alone can have made: timeouts, and refusals where it was long enough to open a breaker. */
export function excusable(slowness: Slowness, plan: Plan, upstream: string | undefined): readonly Outcome[] {
  if (!slowness.unhealthy) return []
  const concerned = upstream === undefined ? Object.keys(plan.upstreams) : [upstream]
  const opened = concerned.some((name) => couldOpen(slowness, plan, name))
  return opened ? ['timeout', 'client_timeout', 'rejected'] : ['timeout', 'client_timeout']
}

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
  const unbacked = unbackedIn(evidence, criterion.upstream, window.phases)
  const ruling: Ruling = {
    ...judgeRate(errors, n, limit),
    window,
    unhurried: (slowness) => rateResult(errors - countIn(cells, excusable(slowness, plan, criterion.upstream)), n, limit),
  }
  return doubtUnbacked(ruling, unbacked, () => rateResult(errors + unbacked, n, limit))
}
