// A criterion as a sentence, for verdicts, reports and plans: "p95 of gemini during steady is below 300 ms".
import { stateWord } from '../contract/breaker-events.ts'
import type { Outcome } from '../contract/outcome.ts'
import { quantile as quantileWord, share, span } from '../kernel/wording.ts'
import type { Criterion, CriterionKind } from './criterion.ts'

type Sentences = { [Kind in CriterionKind]: (criterion: Extract<Criterion, { kind: Kind }>) => string }

const sentences: Sentences = {
  transitions: ({ upstream, sequence }) =>
    sequence.length === 1
      ? `${upstream}'s breaker is ${stateWord(sequence[0]!)} all the time`
      : `${upstream}'s breaker goes ${sequence.map(stateWord).join(' → ')}`,
  opens_within: ({ upstream, phase, withinMs }) => `${upstream}'s breaker opens within ${span(withinMs)} of the fault in ${phase}`,
  closes_within: ({ upstream, phase, withinMs }) => `${upstream}'s breaker closes within ${span(withinMs)} after the fault in ${phase}`,
  stays_closed: ({ upstream, during }) => `${upstream}'s breaker stays closed${inPhases(during)}`,
  latency: ({ quantile, outcomes, belowMs, upstream, during }) =>
    `${quantileWord(quantile)}${ofUpstream(upstream)}${inPhases(during)} is below ${span(belowMs)}${counting(outcomes)}`,
  error_rate: ({ below, upstream, during }) => `error rate${ofUpstream(upstream)}${inPhases(during)} is below ${share(below)}`,
  goodput: ({ outcomes, above, upstream, during }) =>
    `goodput${ofUpstream(upstream)}${inPhases(during)} is above ${share(above)}${counting(outcomes)}`,
  amplification: ({ upstream, during, below }) => `attempts per request at ${upstream}${inPhases(during)} stay below ${below}`,
  fast_fail: ({ upstream, during, quantile, belowMs }) =>
    `${quantileWord(quantile)} of what ${upstream}'s open breaker refuses${inPhases(during)} is below ${span(belowMs)}`,
  no_unsafe_retries: ({ upstream, during }) => `no unsafe request reaches ${upstream} twice${inPhases(during)}`,
  unharmed: ({ upstream, comparedWith }) => `${upstream} is as well during faults as in ${comparedWith}`,
}

export function describeCriterion(criterion: Criterion): string {
  // The table is keyed by the criterion's own kind, which the compiler cannot correlate with its argument.
  return (sentences[criterion.kind] as (criterion: Criterion) => string)(criterion)
}

export { share as formatShare }

const ofUpstream = (upstream?: string): string => (upstream === undefined ? '' : ` of ${upstream}`)
const inPhases = (during?: readonly string[]): string => (during === undefined ? '' : ` during ${during.join(' and ')}`)

function counting(outcomes: readonly Outcome[]): string {
  return outcomes.length === 1 && outcomes[0] === 'ok' ? '' : ` (counting ${outcomes.join(', ')})`
}
