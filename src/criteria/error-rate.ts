// errorRate().of('gemini').during('recovery').below('0.1%'): requests that ended in an error, over all. A fallback is no error.
import * as z from 'zod'
import { errorOutcomes } from '../contract/outcome.ts'
import { share } from '../kernel/wording.ts'
import { type WrittenCriterion, written } from './call-site.ts'
import { criterionType } from './criterion-type.ts'
import { type Scope, inPhases, named, ofAny, ofUpstream } from './fields.ts'
import { excused } from './measure/excuse.ts'
import { doubtMissing, missingIn } from './measure/missing.ts'
import { judgeRate, rateResult } from './measure/statistics/rate.ts'
import { samplesFor } from './measure/statistics/sample-size.ts'
import { countIn, requestsIn, windowOf } from './measure/scope.ts'
import { doubtUnsupported, failedText, spoiledIn, unsupportedIn } from './measure/unsupported-answers.ts'
import { unprovableShare } from './measure/statistics/provable.ts'
import { type Share, type UpstreamRef, during, nameOf, parseShare } from './notation.ts'

export interface ErrorRateCriterion {
  of(upstream: UpstreamRef): ErrorRateCriterion
  during(...phases: string[]): ErrorRateCriterion
  /** Requests that ended in an error, over all; a fallback is no error. */
  below(limit: Share): WrittenCriterion
}

function build(scope: Scope = {}): ErrorRateCriterion {
  return {
    of: (upstream) => build({ ...scope, upstream: nameOf(upstream) }),
    during: (...phases) => build({ ...scope, ...during(phases) }),
    below: (limit) => written({ kind: 'error_rate', below: parseShare(limit), ...scope }),
  }
}

export const errorRate = criterionType({
  kind: 'error_rate',
  fields: { below: z.number(), ...ofAny },
  build: { errorRate: (): ErrorRateCriterion => build() },
  relation: 'below',
  breaker: 'none',
  causes: ['too_many_errors'],
  sentence: (criterion) => `error rate${ofUpstream(criterion.upstream)}${inPhases(criterion.during)} is below ${share(criterion.below)}`,
  phases: named,
  needs: ({ below }) => samplesFor(1 - below),
  badShare: ({ below }) => below,
  check: ({ below }) => unprovableShare(below),

  judge(criterion, run) {
    const { plan, evidence } = run
    const { upstream } = criterion
    const window = windowOf(plan, criterion.during)
    const cells = requestsIn(evidence, { upstream, phases: window.phases })
    const n = countIn(cells)
    const spoiled = spoiledIn(evidence, upstream, window.phases)
    const errors = countIn(cells, errorOutcomes) + spoiled
    const limit = { good: 'below', limit: criterion.below } as const
    const unsupported = unsupportedIn(run, upstream, window.phases)
    const missing = missingIn(run, { upstream, phases: window.phases })
    const raw = doubtUnsupported(
      {
        ...judgeRate(errors, n, { ...limit, cause: 'too_many_errors', what: failedText(spoiled) }),
        window,
        withoutHarnessDelay: (delay) => rateResult(errors - excused(cells, delay, plan, upstream), n, limit),
      },
      unsupported,
      () => rateResult(errors + unsupported, n, limit),
    )
    return doubtMissing(raw, missing, () => rateResult(errors + missing, n + missing, limit))
  },
})
