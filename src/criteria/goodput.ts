// Requests that were answered well, over all requests.
import { minimumSamples } from './sample-size.ts'
import type { Rule, Ruling } from './ruling.ts'
import { countIn, requestsIn, windowOf } from './measure/scope.ts'
import { doubtUnbacked, unbackedIn } from './measure/unsupported-answers.ts'
import { excusable } from './error-rate.ts'
import { type RateLimit, judgeRate, rateResult } from './measure/rate.ts'

export const goodput: Rule<'goodput'> = (criterion, { plan, evidence }) => {
  const window = windowOf(plan, criterion.during)
  const cells = requestsIn(evidence, { upstream: criterion.upstream, phases: window.phases })
  const n = countIn(cells)
  const good = countIn(cells, criterion.outcomes)
  const limit: RateLimit = {
    good: 'above',
    limit: criterion.above,
    needed: minimumSamples(criterion),
    cause: 'too_little_goodput',
    what: `ended ${criterion.outcomes.join(' or ')}`,
  }
  const unbacked = criterion.outcomes.includes('ok') ? unbackedIn(evidence, criterion.upstream, window.phases) : 0
  const ruling: Ruling = {
    ...judgeRate(good, n, limit),
    window,
    unhurried: (slowness) => rateResult(good + countIn(cells, excusable(slowness, plan, criterion.upstream)), n, limit),
  }
  return doubtUnbacked(ruling, unbacked, () => rateResult(Math.max(0, good - unbacked), n, limit))
}
