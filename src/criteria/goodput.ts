// goodput().of('gemini').during('outage').counting('ok', 'fallback').above('99%'): requests that were answered well, over all.
import * as z from 'zod'
import type { Outcome } from '../contract/outcome.ts'
import { share } from '../kernel/wording.ts'
import { type WrittenCriterion, written } from './writing/call-site.ts'
import { criterionType } from './criterion-type.ts'
import { type Scope, counting, inPhases, named, ofAny, ofUpstream, outcomes } from './writing/fields.ts'
import { judgeOutcomeShare } from './measure/outcome-share.ts'
import { unprovableShare } from './measure/statistics/provable.ts'
import { samplesFor } from './measure/statistics/sample-size.ts'
import { type Share, type UpstreamRef, during, nameOf, parseShare } from './writing/notation.ts'

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
  doc: {
    written: "goodput().during('steady').above('99%')",
    demands: 'Of all requests a larger share than the limit is answered well.',
    over: 'named',
    counts: 'All requests; answered well is ok, or one of the outcomes that `counting` names.',
    samples: '299 for 99 %, 2,995 for 99.9 %',
    undecided: 'The confidence bound of the share lies below the limit, and the share does not surely.',
  },
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

  judge: (criterion, run) =>
    judgeOutcomeShare(run, criterion, {
      good: 'above',
      limit: criterion.above,
      outcomes: criterion.outcomes,
      cause: 'too_little_goodput',
      what: () => `ended ${criterion.outcomes.join(' or ')}`,
    }),
})
