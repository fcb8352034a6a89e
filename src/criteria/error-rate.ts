// errorRate().of('gemini').during('recovery').below('0.1%'): requests that ended in an error, over all. A fallback is no error.
import * as z from 'zod'
import { errorOutcomes } from '../contract/outcome.ts'
import { share } from '../kernel/wording.ts'
import { type WrittenCriterion, written } from './writing/call-site.ts'
import { criterionType } from './criterion-type.ts'
import { type Scope, inPhases, named, ofAny, ofUpstream } from './writing/fields.ts'
import { judgeOutcomeShare } from './measure/outcome-share.ts'
import { unprovableShare } from './measure/statistics/provable.ts'
import { samplesFor } from './measure/statistics/sample-size.ts'
import { failedText } from './measure/gaps/unsupported-answers.ts'
import { type Share, type UpstreamRef, during, nameOf, parseShare } from './writing/notation.ts'

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
  doc: {
    written: "errorRate().during('steady').below('1%')",
    demands: 'Of all requests a smaller share than the limit ends in an error.',
    over: 'named',
    counts:
      "All requests; an error is an upstream's error, a timeout, a failed connection, a damaged body, a refusal or a limit. A fallback is none. `of` takes those for one upstream alone.",
    samples: '299 for 1 %, 2,995 for 0.1 %',
    undecided: 'The confidence bound of the share lies beyond the limit, and the share does not surely.',
  },
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

  judge: (criterion, run) =>
    judgeOutcomeShare(run, criterion, {
      good: 'below',
      limit: criterion.below,
      outcomes: errorOutcomes,
      cause: 'too_many_errors',
      what: failedText,
    }),
})
