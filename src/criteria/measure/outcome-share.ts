// The share of requests that ended in certain ways, held to a limit. What is uncertain about single requests counts against a pass:
// good answers that stand on nothing, and requests that left no record.
import type { Outcome } from '../../contract/outcome.ts'
import type { Cause, CommonCause } from '../finding/cause.ts'
import type { Scope } from '../writing/fields.ts'
import { type Case, type RawFinding, refusals } from '../finding/raw-finding.ts'
import { excused } from './excuse.ts'
import { doubtMissing, missingIn } from './gaps/missing.ts'
import { countIn, haltedIn, requestsIn, windowOf } from './scope.ts'
import { judgeRate, type RateLimit, rateResult } from './statistics/rate.ts'
import { doubtUnsupported, spoiledIn, unsupportedIn } from './gaps/unsupported-answers.ts'

export interface OutcomeShare<Failed extends Cause> extends RateLimit {
  /** The outcomes that count: bad ones where below the limit is good, good ones where above is. */
  outcomes: readonly Outcome[]
  cause: Failed
  /** What was counted, for the sentence: 'failed', 'ended ok'. */
  what(spoiled: number): string
}

export function judgeOutcomeShare<Failed extends Cause>(
  run: Case,
  { upstream, during }: Scope,
  share: OutcomeShare<Failed>,
): RawFinding<Failed | CommonCause> {
  const { plan, evidence } = run
  const { good, outcomes, cause } = share
  const window = windowOf(plan, during)
  const scope = { upstream, phases: window.phases }
  const cells = requestsIn(evidence, scope)
  const halted = haltedIn(cells)
  const n = countIn(cells) - halted
  const counted = countIn(cells, outcomes) - (outcomes.includes('client_timeout') ? halted : 0)
  /** What would have been counted if so many of the requests that look good were bad; below 0, if so many of the bad were good. */
  const withBad = (bad: number): number => (good === 'below' ? counted + bad : Math.max(0, counted - bad))
  // An answer that looks ok matters here if it counts as good, or would count as bad.
  const isOkAtStake = good === 'below' || outcomes.includes('ok')
  const spoiled = isOkAtStake ? spoiledIn(evidence, upstream, window.phases) : 0
  const unsupported = isOkAtStake ? unsupportedIn(run, upstream, window.phases) : 0
  const missing = missingIn(run, scope)
  // An error counts as a refusal only where nothing marks refusals.
  const refusedAs = refusals.filter((each) => each !== 'upstream_error' && outcomes.includes(each) === (good === 'below'))

  const seen = doubtUnsupported(
    {
      ...judgeRate(withBad(spoiled), n, { ...share, cause, what: share.what(spoiled) }),
      window,
      withoutHarnessDelay: (delay) => rateResult(withBad(spoiled - excused(cells, delay, run, upstream, refusedAs)), n, share),
    },
    unsupported,
    () => rateResult(withBad(spoiled + unsupported), n, share),
  )
  // A missing request adds to all; it adds to what is counted where that is the bad ones.
  const worst = good === 'below' ? withBad(spoiled + missing) : withBad(spoiled)
  return doubtMissing(seen, missing, () => rateResult(worst, n + missing, share))
}
