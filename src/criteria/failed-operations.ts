// failedOperations().during('100 percent').below('1%'): operations whose user did not get what was asked for, over all.
//
//   a user's request ── ok, by a good answer ─────────────▶ done
//                    ── a marked fallback, where accepted ▶ done
//                    ── whatever else ────────────────────▶ failed
//
// A user's request is one operation: the load's clients ask for each thing once. What an operator does, and a probe, are nobody's operation.
import { withParts } from '../evidence/evidence.ts'
import * as z from 'zod'
import { type Outcome, errorOutcomes } from '../contract/outcome.ts'
import { share } from '../kernel/wording.ts'
import type { Case } from './finding/raw-finding.ts'
import { type WrittenCriterion, written } from './writing/call-site.ts'
import { criterionType } from './criterion-type.ts'
import { type Scope, inPhases, named, ofAny, ofUpstream } from './writing/fields.ts'
import { judgeOutcomeShare } from './measure/outcome-share.ts'
import { unprovableShare } from './measure/statistics/provable.ts'
import { samplesFor } from './measure/statistics/sample-size.ts'
import { failedText } from './measure/gaps/unsupported-answers.ts'
import { type Share, type UpstreamRef, during, nameOf, parseShare } from './writing/notation.ts'

export interface FailedOperationsCriterion {
  of(upstream: UpstreamRef): FailedOperationsCriterion
  during(...phases: string[]): FailedOperationsCriterion
  /** A marked fallback is what users are content with, such as an older answer. Without this it is a failure. */
  acceptingFallbacks(): FailedOperationsCriterion
  below(limit: Share): WrittenCriterion
}

function build(scope: Scope = {}, fallbacks: 'fail' | 'suffice' = 'fail'): FailedOperationsCriterion {
  return {
    of: (upstream) => build({ ...scope, upstream: nameOf(upstream) }, fallbacks),
    during: (...phases) => build({ ...scope, ...during(phases) }, fallbacks),
    acceptingFallbacks: () => build(scope, 'suffice'),
    below: (limit) => written({ kind: 'failed_operations', below: parseShare(limit), fallbacks, ...scope }),
  }
}

export const failedOperations = criterionType({
  kind: 'failed_operations',
  doc: {
    written: "failedOperations().during('steady').below('1%')",
    demands: 'Of all operations a smaller share than the limit ends without what its user asked for.',
    over: 'named',
    counts:
      "Each request of a user is one operation; what operators and probes send is none. It failed unless it ended ok: a fallback is no error, and yet the user did not get what was asked for. With `acceptingFallbacks` a marked one will do. `errorRate` asks whether the gateway answers, this whether users' work gets done.",
    samples: '299 for 1 %, 2,995 for 0.1 %',
    undecided: 'The confidence bound of the share lies beyond the limit, and the share does not surely.',
  },
  fields: { below: z.number(), fallbacks: z.enum(['fail', 'suffice']), ...ofAny },
  build: { failedOperations: (): FailedOperationsCriterion => build() },
  relation: 'below',
  breaker: 'none',
  causes: ['too_many_failed_operations'],
  sentence: ({ upstream, during: phases, below, fallbacks }) =>
    `fewer than ${share(below)} of operations${ofUpstream(upstream)}${inPhases(phases)} fail${fallbacks === 'suffice' ? ' (a fallback will do)' : ''}`,
  phases: named,
  needs: ({ below }) => samplesFor(1 - below),
  badShare: ({ below }) => below,
  check: ({ below }) => unprovableShare(below),

  judge: ({ below, fallbacks, ...scope }, run) =>
    judgeOutcomeShare(ofUsers(run), scope, {
      good: 'below',
      limit: below,
      outcomes: fallbacks === 'suffice' ? errorOutcomes : ([...errorOutcomes, 'fallback'] satisfies Outcome[]),
      cause: 'too_many_failed_operations',
      what: failedText,
    }),
})

/** The run without what operators and probes sent. */
function ofUsers(run: Case): Case {
  const users = new Set(run.plan.load.mix.flatMap(({ route, probe }) => (probe === undefined ? [route] : [])))
  const { requests, planned } = run.evidence
  const isUsers = ({ route }: { route: string }): boolean => users.has(route)
  return { ...run, evidence: withParts(run.evidence, { requests: requests.filter(isUsers), planned: planned.filter(isUsers) }) }
}
