// goodput().of('gemini').during('outage').counting('ok', 'fallback').above('99%'): requests that were answered well, over all.
import * as z from 'zod'
import type { Outcome } from '../contract/outcome.ts'
import { share } from '../kernel/wording.ts'
import { type WrittenCriterion, written } from './call-site.ts'
import { criterionType } from './criterion-type.ts'
import { type Scope, counting, inPhases, named, ofAny, ofUpstream, outcomes } from './fields.ts'
import { excused } from './measure/excuse.ts'
import { doubtMissing, missingIn } from './measure/missing.ts'
import { judgeRate, rateResult } from './measure/statistics/rate.ts'
import { samplesFor } from './measure/statistics/sample-size.ts'
import { countIn, requestsIn, windowOf } from './measure/scope.ts'
import { doubtUnsupported, spoiledIn, unsupportedIn } from './measure/unsupported-answers.ts'
import { unprovableShare } from './measure/statistics/provable.ts'
import { type Share, type UpstreamRef, during, nameOf, parseShare } from './notation.ts'

export interface GoodputCriterion {
  of(upstream: UpstreamRef): GoodputCriterion
  during(...phases: string[]): GoodputCriterion
  /** Which outcomes count as good; without this: ok alone. */
  counting(...outcomes: Outcome[]): GoodputCriterion
  above(limit: Share): WrittenCriterion
}

function build(scope: Scope = {}, good: Outcome[] = ['ok']): GoodputCriterion {
  return {
    of: (upstream) => build({ ...scope, upstream: nameOf(upstream) }, good),
    during: (...phases) => build({ ...scope, ...during(phases) }, good),
    counting: (...counted) => build(scope, counted),
    above: (limit) => written({ kind: 'goodput', outcomes: good, above: parseShare(limit), ...scope }),
  }
}

export const goodput = criterionType({
  kind: 'goodput',
  fields: { outcomes, above: z.number(), ...ofAny },
  build: { goodput: (): GoodputCriterion => build() },
  relation: 'above',
  breaker: 'none',
  causes: ['too_little_goodput'],
  sentence: (criterion) =>
    `goodput${ofUpstream(criterion.upstream)}${inPhases(criterion.during)} is above ${share(criterion.above)}${counting(criterion.outcomes)}`,
  phases: named,
  needs: ({ above }) => samplesFor(above),
  badShare: ({ above }) => 1 - above,
  check: ({ above }) => unprovableShare(above),

  judge(criterion, run) {
    const { plan, evidence } = run
    const { upstream } = criterion
    const window = windowOf(plan, criterion.during)
    const cells = requestsIn(evidence, { upstream, phases: window.phases })
    const n = countIn(cells)
    const isOkGood = criterion.outcomes.includes('ok')
    const good = countIn(cells, criterion.outcomes) - (isOkGood ? spoiledIn(evidence, upstream, window.phases) : 0)
    const limit = { good: 'above', limit: criterion.above } as const
    const unsupported = isOkGood ? unsupportedIn(run, upstream, window.phases) : 0
    const missing = missingIn(run, { upstream, phases: window.phases })
    const raw = doubtUnsupported(
      {
        ...judgeRate(good, n, { ...limit, cause: 'too_little_goodput', what: `ended ${criterion.outcomes.join(' or ')}` }),
        window,
        withoutHarnessDelay: (delay) => rateResult(good + excused(cells, delay, plan, upstream), n, limit),
      },
      unsupported,
      () => rateResult(Math.max(0, good - unsupported), n, limit),
    )
    return doubtMissing(raw, missing, () => rateResult(good, n + missing, limit))
  },
})
