// How much more often something happens than before, held to a limit by bounds of the difference.
import { count, needsText, share } from '../../../kernel/wording.ts'
import type { Cause, CommonCause } from '../../finding/cause.ts'
import type { RawFinding, Result } from '../../finding/raw-finding.ts'
import { type Hits, rateDifference } from './difference.ts'
import { CONFIDENCE, samplesFor } from './sample-size.ts'

export interface IncreaseWords<Failed extends Cause> {
  cause: Failed
  /** What was counted, for the sentence: 'failed'. */
  what: string
  /** When it was counted before: "in steady". */
  compared: string
}

/** Passes when the share of hits surely grew by less than `limit` (0–1), fails when it surely grew by at least as much. */
export function judgeIncrease<Failed extends Cause>(
  now: Hits,
  before: Hits,
  { limit, cause, what, compared }: IncreaseWords<Failed> & { limit: number },
): Omit<RawFinding<Failed | CommonCause>, 'window'> {
  const base = { n: now.n, bound: limit, unit: 'ratio' } as const
  if (now.n === 0 || before.n === 0) {
    const why = `no request was seen${before.n === 0 ? ` ${compared}` : ''}`
    const needsMore = samplesFor(1 - limit)
    return { ...base, result: 'inconclusive', cause: 'no_samples', measured: null, interval: null, needsMore, why }
  }
  const measured = now.hits / now.n - before.hits / before.n
  const interval = rateDifference(now, before)
  const [lower, upper] = interval
  const figures =
    `${count(now.hits)} of ${count(now.n)} ${what}, and ${count(before.hits)} of ${count(before.n)} ${compared}: ` +
    `a difference of ${share(measured)} (${share(lower)} to ${share(upper)})`
  const failsAt = [(confidence: number) => increaseResult(now, before, limit, confidence) === 'fail']
  const judged = { ...base, measured, interval, failsAt }
  const result = resultOf(interval, limit)
  if (result === 'pass') return { ...judged, result, why: `${figures}, limit ${share(limit)}` }
  if (result === 'fail') return { ...judged, result, cause, why: `${figures}, promised below ${share(limit)}` }
  const needsMore = samplesToTell(measured, interval, now.n, limit)
  const why = `${figures}, limit ${share(limit)}${needsText(needsMore)}`
  return { ...judged, result: 'inconclusive', cause: 'too_few_samples', why, ...(needsMore !== undefined && { needsMore }) }
}

export function increaseResult(now: Hits, before: Hits, limit: number, confidence = CONFIDENCE): Result {
  return now.n === 0 || before.n === 0 ? 'inconclusive' : resultOf(rateDifference(now, before, confidence), limit)
}

function resultOf([lower, upper]: [number, number], limit: number): Result {
  return upper < limit ? 'pass' : lower >= limit ? 'fail' : 'inconclusive'
}

/** A bound nears what is measured with the root of the samples; both samples are taken to grow. */
function samplesToTell(measured: number, [lower, upper]: [number, number], n: number, limit: number): number | undefined {
  const distance = Math.abs(limit - measured)
  const reach = measured < limit ? upper - measured : measured - lower
  if (distance === 0) return undefined
  const needed = n * (reach / distance) ** 2
  return needed > TOO_MANY ? undefined : Math.max(1, Math.ceil(needed - n))
}

const TOO_MANY = 10_000_000
