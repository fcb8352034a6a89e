// An upstream without a fault, while others fail, against itself in a quiet phase: errors, and p95 of ok within a ratio and a slack.
import { errorOutcomes } from '../contract/outcome.ts'
import { type Latencies, spanAtQuantile } from '../evidence/latency-histogram.ts'
import { formatDuration } from '../kernel/duration.ts'
import type { Ms } from '../kernel/clock.ts'
import { minimumSamples } from './sample-size.ts'
import type { Rule, Ruling } from './ruling.ts'
import { countIn, faultPhases, latenciesIn, requestsIn, windowOf } from './measure/scope.ts'
import { quantileInterval } from './measure/statistics.ts'
import { plural } from '../kernel/wording.ts'
import type { Result } from './ruling.ts'
import { excusable } from './error-rate.ts'
import { withUnknown } from './latency.ts'
import { judgeRate, rateResult } from './measure/rate.ts'

const QUANTILE = 0.95

export const unharmed: Rule<'unharmed'> = (criterion, { plan, evidence }) => {
  const { upstream, comparedWith, latencyRatio, latencySlackMs, errorRateBelow } = criterion
  const during = faultPhases(plan)
  const window = windowOf(plan, [comparedWith, ...during])
  const quiet = requestsIn(evidence, { upstream, phases: [comparedWith] })
  const faulted = requestsIn(evidence, { upstream, phases: during })
  const n = countIn(faulted)
  const errors = countIn(faulted, errorOutcomes)
  const allow = (base: Ms): Ms => latencyRatio * base + latencySlackMs

  const before = latenciesIn(quiet, withUnknown(['ok'], quiet), 'latency')
  const amid = latenciesIn(faulted, withUnknown(['ok'], faulted), 'latency')
  const needed = minimumSamples(criterion)
  if (countIn(quiet) === 0 || n === 0) {
    const where = n === 0 ? 'while others failed' : `in ${comparedWith}`
    const why = `no request for ${upstream} was seen ${where}`
    return { ...nothing, result: 'inconclusive', cause: 'no_samples', n, bound: errorRateBelow, needsMore: needed, why, window }
  }
  const rateLimit = { good: 'below', limit: errorRateBelow, needed, cause: 'too_many_errors', what: 'failed' } as const
  const rate = judgeRate(errors, n, rateLimit)
  const slowed = compare(amid, before, allow)
  const unhurried: Ruling['unhurried'] = (slowness) =>
    worse(
      rateResult(errors - countIn(faulted, excusable(slowness, plan, upstream)), n, rateLimit),
      slowness.saturated
        ? 'inconclusive'
        : compare(
            latenciesIn(faulted, withUnknown(['ok'], faulted), 'service'),
            latenciesIn(quiet, withUnknown(['ok'], quiet), 'service'),
            (base) => allow(base) + slowness.stallMs,
          ),
    )

  // Whichever of the two is worse is the finding; when both are as bad, errors speak first.
  if (rate.result !== 'pass' && worse(rate.result, slowed) === rate.result)
    return { ...rate, window, unhurried, ...(rate.result === 'fail' && { cause: 'harmed' as const }) }
  const [measured, base] = [spanAtQuantile(amid, QUANTILE), spanAtQuantile(before, QUANTILE)]
  const bound = base === null ? null : allow(base)
  const figures = `p95 was ${shown(base)} in ${comparedWith} and ${shown(measured)} while others failed (allowed ${shown(bound)}); ${rate.why}`
  const facts = { n: amid.totalCount, measured, bound, interval: quantileInterval(amid, QUANTILE), unit: 'ms', good: 'below' } as const
  if (slowed === 'pass') return { ...facts, result: 'pass', why: figures, window, unhurried }
  if (slowed === 'fail') return { ...facts, result: 'fail', cause: 'harmed', why: figures, window, unhurried }
  const few = `${plural(before.totalCount, 'sample')} against ${plural(amid.totalCount, 'sample')} cannot tell the two apart`
  return { ...facts, result: 'inconclusive', cause: 'too_few_samples', why: `${figures}; ${few}`, window, unhurried }
}

/** Sure only when even the unlucky ends of both intervals agree. */
function compare(amid: Latencies, before: Latencies, allow: (base: Ms) => Ms): Result {
  const [amidLow, amidHigh] = quantileInterval(amid, QUANTILE)
  const [beforeLow, beforeHigh] = quantileInterval(before, QUANTILE)
  if (amidHigh !== null && beforeLow !== null && amidHigh < allow(beforeLow)) return 'pass'
  return amidLow !== null && beforeHigh !== null && amidLow > allow(beforeHigh) ? 'fail' : 'inconclusive'
}

function worse(a: Result, b: Result): Result {
  if (a === 'fail' || b === 'fail') return 'fail'
  return a === 'inconclusive' ? a : b
}

const nothing = { measured: null, interval: null, unit: 'ratio', good: 'below' } as const
const shown = (span: Ms | null): string => (span === null ? 'unknown' : formatDuration(span))
