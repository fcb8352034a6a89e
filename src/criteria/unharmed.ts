// unharmed('assemblyai').comparedWith('steady'): an upstream without a fault, while others fail, does as well as in a quiet phase.
// Compared are the share of errors and fallbacks, with a limit, and p95 of ok, with a ratio and a slack. Its breaker stays closed.
import * as z from 'zod'
import { errorOutcomes } from '../contract/outcome.ts'
import { actsOn } from '../faults/fault.ts'
import { type Latencies, spanAtQuantile } from '../evidence/latency-histogram.ts'
import type { RequestCell } from '../evidence/fold/requests.ts'
import { type Duration, parseDuration } from '../kernel/duration.ts'
import type { Ms } from '../kernel/clock.ts'
import { atTime, count, plural, span } from '../kernel/wording.ts'
import { type WrittenCriterion, written } from './call-site.ts'
import type { CommonCause } from './cause.ts'
import { criterionType } from './criterion-type.ts'
import { ofOne, spanMs } from './fields.ts'
import { eventsProblem } from './measure/breaker/breaker-account.ts'
import { spells } from './measure/breaker/breaker-history.ts'
import { excused, openedWithoutDelay, quantileWithoutDelay } from './measure/excuse.ts'
import { doubtMissing, missingIn } from './measure/missing.ts'
import { withUnknown } from './measure/statistics/quantile.ts'
import { judgeRate, rateResult } from './measure/statistics/rate.ts'
import { samplesFor } from './measure/statistics/sample-size.ts'
import { countIn, faultPhases, latenciesIn, requestsIn, windowOf } from './measure/scope.ts'
import { quantileInterval, rateInterval } from './measure/statistics/statistics.ts'
import { doubtUnsupported, failedText, spoiledIn, unsupportedIn } from './measure/unsupported-answers.ts'
import { type Share, type UpstreamRef, nameOf, parseShare } from './notation.ts'
import type { Case, HarnessDelay, RawFinding, Result } from './raw-finding.ts'

const QUANTILE = 0.95

export interface UnharmedOptions {
  /** p95 during faults may be this many times that of the compared phase (default 1.5) … */
  latencyRatio?: number
  /** … plus this much (default 20 ms). */
  latencySlack?: Duration
  /** Error rate during faults (default 1 %). */
  errorRateBelow?: Share
}

export interface UnharmedCriterion {
  comparedWith(phase: string, options?: UnharmedOptions): WrittenCriterion
}

function build(of: UpstreamRef): UnharmedCriterion {
  return {
    comparedWith: (phase, { latencyRatio = 1.5, latencySlack = '20ms', errorRateBelow = '1%' } = {}) =>
      written({
        kind: 'unharmed',
        upstream: nameOf(of),
        comparedWith: phase,
        latencyRatio,
        latencySlackMs: parseDuration(latencySlack),
        errorRateBelow: parseShare(errorRateBelow),
      }),
  }
}

export const unharmed = criterionType({
  kind: 'unharmed',
  fields: {
    upstream: ofOne.upstream,
    comparedWith: z.string(),
    latencyRatio: z.number().positive(),
    latencySlackMs: spanMs,
    errorRateBelow: z.number(),
  },
  build: { unharmed: build },
  relation: 'below',
  breaker: 'none',
  causes: ['harmed'],
  sentence: ({ upstream, comparedWith }) => `${upstream} is as well during faults as in ${comparedWith}`,
  phases: ({ comparedWith }) => [comparedWith],
  needs: ({ errorRateBelow }) => Math.max(samplesFor(QUANTILE), samplesFor(1 - errorRateBelow)),
  badShare: ({ errorRateBelow }) => errorRateBelow,
  samplesIn({ comparedWith }, plan) {
    const faulted = faultPhases(plan)
    return [[comparedWith], faulted].map((names) => plan.phases.filter(({ name, warmUp }) => !warmUp && names.includes(name)))
  },

  judge({ upstream, comparedWith, latencyRatio, latencySlackMs, errorRateBelow }, run) {
    const { plan, evidence } = run
    const during = faultPhases(plan)
    const window = windowOf(plan, [comparedWith, ...during])
    const quiet = requestsIn(evidence, { upstream, phases: [comparedWith] })
    const faulted = requestsIn(evidence, { upstream, phases: during })
    const n = countIn(faulted)
    const spoiled = spoiledIn(evidence, upstream, during)
    const failed = countIn(faulted, errorOutcomes) + spoiled
    const fallbacks = countIn(faulted, ['fallback'])
    const errors = failed + fallbacks
    if (countIn(quiet) === 0 || n === 0) {
      const why = `no request for ${upstream} was seen ${n === 0 ? 'while others failed' : `in ${comparedWith}`}`
      const needsMore = Math.max(samplesFor(QUANTILE), samplesFor(1 - errorRateBelow))
      const nothing = { measured: null, interval: null, unit: 'ratio', n, bound: errorRateBelow, window } as const
      return { ...nothing, result: 'inconclusive', cause: 'no_samples', needsMore, why }
    }
    const allow = (base: Ms): Ms => latencyRatio * base + latencySlackMs
    const [before, amid] = [quiet, faulted].map((cells) => latenciesIn(cells, withUnknown(['ok'], cells), 'latency')) as [
      Latencies,
      Latencies,
    ]
    // Some of its requests may end in a fallback when all is well too.
    const usual = countIn(quiet, ['fallback'])
    const allowed = usual === 0 ? errorRateBelow : Math.min(1, errorRateBelow + rateInterval(usual, countIn(quiet))[1])
    const limit = { good: 'below', limit: allowed } as const
    const words = `${failedText(spoiled)}${fallbacks === 0 ? '' : ` or got a fallback (${count(fallbacks)})`}`
    const rate = judgeRate(errors, n, { ...limit, cause: 'harmed', what: words })
    const opened = openedAmid(run, upstream, during)
    if (opened !== undefined && rate.result !== 'fail') {
      const facts = { n, measured: rate.measured, interval: rate.interval, bound: allowed, unit: 'ratio', window } as const
      const withoutDelay = openedWithoutDelay(plan, upstream)
      return { ...facts, result: 'fail', cause: 'harmed', why: `${opened}; ${rate.why}`, withoutHarnessDelay: withoutDelay }
    }
    const slowed = compare(amid, before, allow)
    const withoutHarnessDelay: RawFinding['withoutHarnessDelay'] = (delay) =>
      worse(rateResult(errors - excused(faulted, delay, plan, upstream), n, limit), withoutStalls(faulted, quiet, allow, delay))

    // Whichever of the two is worse is the finding; when both are as bad, errors speak first.
    if (rate.result !== 'pass' && worse(rate.result, slowed) === rate.result) return { ...rate, window, withoutHarnessDelay }
    const [measured, base] = [spanAtQuantile(amid, QUANTILE), spanAtQuantile(before, QUANTILE)]
    const bound = base === null ? null : allow(base)
    const figures = `p95 was ${shown(base)} in ${comparedWith} and ${shown(measured)} while others failed (allowed ${shown(bound)}); ${rate.why}`
    const interval = quantileInterval(amid, QUANTILE)
    const judged = { n: amid.totalCount, measured, bound, interval, unit: 'ms', window, withoutHarnessDelay } as const
    if (slowed === 'pass') {
      const unsupported = unsupportedIn(run, upstream, during)
      const passed = { ...judged, result: 'pass', why: figures } as const
      const raw = doubtUnsupported<'harmed' | CommonCause>(passed, unsupported, () => rateResult(errors + unsupported, n, limit))
      const missing = missingIn(run, { upstream, phases: during })
      return doubtMissing(raw, missing, () => rateResult(errors + missing, n + missing, limit))
    }
    if (slowed === 'fail') return { ...judged, result: 'fail', cause: 'harmed', why: figures }
    const few = `${plural(before.totalCount, 'sample')} against ${plural(amid.totalCount, 'sample')} cannot tell the two apart`
    return { ...judged, result: 'inconclusive', cause: 'too_few_samples', why: `${figures}; ${few}` }
  },
})

/** That the upstream's breaker opened while others failed, although nothing was wrong with it. */
function openedAmid(run: Case, upstream: string, during: readonly string[]): string | undefined {
  const { plan, evidence } = run
  if (plan.faults.some((fault) => actsOn(fault, upstream)) || eventsProblem(run, upstream) !== undefined) return undefined
  const phases = plan.phases.filter(({ name }) => during.includes(name))
  const opened = spells(evidence, upstream).find(
    ({ state, fromMs }) => state === 'open' && phases.some(({ startMs, endMs }) => fromMs >= startMs && fromMs < endMs),
  )
  return opened && `its breaker opened ${atTime(opened.fromMs)}, though nothing was wrong with ${upstream}`
}

/** p95 as it would have been, had no stall touched a request in the faults: as many of the slowest as it can have are left out. */
function withoutStalls(faulted: RequestCell[], quiet: RequestCell[], allow: (base: Ms) => Ms, delay: HarnessDelay): Result {
  const [before, amid] = [quiet, faulted].map((cells) => latenciesIn(cells, withUnknown(['ok'], cells), 'service')) as [
    Latencies,
    Latencies,
  ]
  const base = quantileInterval(before, QUANTILE)[1]
  if (delay.saturated || base === null) return 'inconclusive'
  return quantileWithoutDelay(amid, { quantile: QUANTILE, belowMs: allow(base) }, delay)
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

const shown = (ms: Ms | null): string => (ms === null ? 'unknown' : span(ms))
