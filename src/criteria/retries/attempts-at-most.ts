// retries('gemini').attemptsAtMost(3): no request is tried more often than this. A request that an open breaker refused is tried not at all.
//
// What a network fault swallowed counts too, where the proxy's front saw it. Without request ids, more attempts than all requests
// together may have are still a certain breach.
import * as z from 'zod'
import { plural } from '../../kernel/wording.ts'
import { type WrittenCriterion, written } from '../writing/call-site.ts'
import { criterionType } from '../criterion-type.ts'
import { inPhases, named, ofOne } from '../writing/fields.ts'
import { failuresOf, hiddenRetries, retriesIn } from '../measure/retries.ts'
import { arrivalsIn, attemptsIn, countIn, requestsIn, windowOf } from '../measure/scope.ts'
import type { Case } from '../finding/raw-finding.ts'

type Scope = { upstream: string; during?: string[] }

export const attemptsAtMost = criterionType({
  kind: 'attempts_at_most',
  doc: {
    written: "retries('gemini').attemptsAtMost(3)",
    demands: 'No request is tried more often than this.',
    over: 'named',
    counts: 'Attempts of each request, those that a network fault swallowed included.',
    samples: 'one attempt that failed',
    undecided:
      'Nothing failed, attempts may have been lost where nobody counts them, or the gateway does not pass x-request-id on, so nobody knows which request an attempt belongs to.',
  },
  fields: { ...ofOne, most: z.int().min(1) },
  build: {
    /** No request is tried at the upstream more often than this, its first attempt included. */
    attemptsAtMost:
      (scope: Scope) =>
      (most: number): WrittenCriterion =>
        written({ kind: 'attempts_at_most', ...scope, most }),
  },
  relation: 'at_most',
  breaker: 'none',
  causes: ['too_many_attempts'],
  sentence: ({ upstream, during, most }) => `no request is tried more than ${plural(most, 'time')} at ${upstream}${inPhases(during)}`,
  phases: named,
  needs: () => 1,

  judge({ upstream, most, during }, run) {
    const window = windowOf(run.plan, during)
    const scope = { upstream, phases: window.phases }
    const seen = retriesIn(run.evidence, scope)
    const counts = attemptsIn(run.evidence, scope).map(({ byAttempts, byHeads }) => (byHeads.length > 0 ? byHeads : byAttempts))
    const tried = counts.reduce((total, byCount) => total + byCount.slice(1).reduce((sum, requests) => sum + requests, 0), 0)
    const base = { n: tried, measured: seen.most, interval: null, bound: most, unit: 'requests', window } as const
    const failed = { ...base, result: 'fail', cause: 'too_many_attempts', witnessed: true } as const
    if (seen.most > most) {
      const beyond = counts.reduce((total, byCount) => total + byCount.slice(most + 1).reduce((sum, requests) => sum + requests, 0), 0)
      const why = `${plural(Math.max(1, beyond), 'request')} of ${plural(tried, 'request')} tried more than ${plural(most, 'time')}, one of them ${plural(seen.most, 'time')}`
      return { ...failed, why }
    }
    const hidden = hiddenRetries(run, scope)
    if (hidden) {
      const excess = excessOf(run, upstream, window.phases, most)
      return excess === undefined ? { ...base, result: 'inconclusive', ...hidden } : { ...failed, measured: null, why: excess }
    }
    if (seen.late > 0) {
      const why = `${plural(seen.late, 'attempt')} came when their requests had long been over`
      return { ...base, result: 'inconclusive', cause: 'attempts_unseen', why }
    }
    if (failuresOf(seen) === 0 && seen.most < 2) {
      const why = `nothing failed at ${upstream}, so nothing gave reason to try a request again`
      return { ...base, result: 'inconclusive', cause: 'no_samples', why }
    }
    const failures = plural(failuresOf(seen), 'attempt')
    return {
      ...base,
      result: 'pass',
      why: `${failures} failed, and no request of ${tried} was tried more than ${plural(seen.most, 'time')}`,
    }
  },
})

/** That there were more attempts than `most` for each request: in the phases, beyond what their edges may shift, and in the whole run. */
function excessOf({ evidence }: Case, upstream: string, phases: readonly string[], most: number): string | undefined {
  const counts = (within: readonly string[]): { arrived: number; sent: number } => ({
    arrived: arrivalsIn(evidence, { upstream, phases: within }).reduce((total, { count }) => total + count, 0),
    sent: countIn(requestsIn(evidence, { upstream, phases: within })),
  })
  const { arrived, sent } = counts(phases)
  const all = counts(evidence.phases.map(({ phase }) => phase))
  const unfinished = evidence.load ? evidence.load.sent - evidence.load.ended : 0
  const isCertain = arrived > most * (sent + (evidence.load?.mostInFlight ?? 0)) && all.arrived > most * (all.sent + unfinished)
  return isCertain
    ? `${plural(arrived, 'attempt')} arrived for ${plural(sent, 'request')}: some were tried more than ${plural(most, 'time')}`
    : undefined
}
