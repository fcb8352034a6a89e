// unharmed('assemblyai').comparedWith('steady'): an upstream without a fault, while others fail, does as well as in a quiet phase.
// Compared are the share of errors and fallbacks, which may grow by a limit, and p95 of ok of each route, which may grow by a ratio and a
// slack. Its breaker stays closed.
import * as z from 'zod'
import { errorOutcomes } from '../contract/outcome.ts'
import { actsOn } from '../faults/fault.ts'
import { type Latencies, spanAtQuantile } from '../evidence/latency-histogram.ts'
import type { RequestCell } from '../evidence/fold/requests.ts'
import { reaches } from '../plan/plan.ts'
import { type Duration, parseDuration } from '../kernel/duration.ts'
import type { Ms } from '../kernel/clock.ts'
import { atTime, count, plural, span } from '../kernel/wording.ts'
import { type WrittenCriterion, written } from './writing/call-site.ts'
import type { CommonCause } from './finding/cause.ts'
import { criterionType } from './criterion-type.ts'
import { ofOne, spanMs } from './writing/fields.ts'
import { eventsProblem } from './measure/breaker/breaker-account.ts'
import { type Spell, spells } from './measure/breaker/breaker-history.ts'
import { fallbacksIn } from './measure/fallbacks.ts'
import { astrayWithoutDelay, excused, quantileWithoutDelay } from './measure/excuse.ts'
import { doubtMissing, missingIn } from './measure/gaps/missing.ts'
import { withUnknown } from './measure/statistics/quantile.ts'
import { type Hits, quantileDifference } from './measure/statistics/difference.ts'
import { increaseResult, judgeIncrease } from './measure/statistics/increase.ts'
import { samplesFor } from './measure/statistics/sample-size.ts'
import { countIn, faultPhases, latenciesIn, requestsIn, windowOf } from './measure/scope.ts'
import { besideFaults, routesBeside } from './measure/beside-faults.ts'
import { quantileInterval } from './measure/statistics/statistics.ts'
import { type RoutePair, routePairs } from './measure/route-pairs.ts'
import { doubtUnsupported, failedText, spoiledIn, unsupportedIn } from './measure/gaps/unsupported-answers.ts'
import { type Share, type UpstreamRef, nameOf, parseShare } from './writing/notation.ts'
import type { Case, HarnessDelay, RawFinding, Result } from './finding/raw-finding.ts'

const QUANTILE = 0.95

export interface UnharmedOptions {
  /** p95 during faults may be this many times that of the compared phase (default 1.5) … */
  latencyRatio?: number
  /** … plus this much (default 20 ms). */
  latencySlack?: Duration
  /** How much higher the share of errors and fallbacks may be during faults (default 1 %). */
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
  doc: {
    written: "unharmed('assemblyai').comparedWith('steady')",
    demands:
      'While others fail, an upstream without a fault does as well as in a quiet phase: errors and fallbacks, p95 by route, and its breaker stays closed.',
    over: { between: 'the phases with a fault, and the phase that it is compared with' },
    counts: 'Requests for this upstream on routes that both sides have.',
    samples: '299 on each side',
    undecided: 'The two sides cannot be told apart with so few requests, or no request was seen on one of them.',
  },
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

  check: ({ upstream }, plan) =>
    plan.load.mix.some((route) => reaches(route, upstream)) && routesBeside(plan, upstream).length === 0
      ? [
          {
            at: 'upstream',
            message: `every route that reaches "${upstream}" also reaches an upstream with a fault; add one that reaches "${upstream}" alone`,
          },
        ]
      : [],

  judge({ upstream, comparedWith, latencyRatio, latencySlackMs, errorRateBelow }, whole) {
    const run = besideFaults(whole, upstream)
    const { plan, evidence } = run
    const during = faultPhases(plan)
    const window = windowOf(plan, [comparedWith, ...during])
    const faulted = requestsIn(evidence, { upstream, phases: during })
    const askedAmid = new Set(faulted.map(({ route }) => route))
    const quiet = requestsIn(evidence, { upstream, phases: [comparedWith] }).filter(({ route }) => askedAmid.has(route))
    // What looks like an answer of now and is an earlier one is a fallback, whatever it says.
    const [keptNow, keptBefore] = [during, [comparedWith]].map((phases) => fallbacksIn(run, { upstream, phases }).unmarked.count) as [
      number,
      number,
    ]
    const [now, before] = [harmIn(faulted, keptNow), harmIn(quiet, keptBefore)]
    if (before.n === 0 || now.n === 0) {
      const why = `no request for ${upstream} was seen ${now.n === 0 ? 'while others failed' : `in ${comparedWith}`}`
      const needsMore = Math.max(samplesFor(QUANTILE), samplesFor(1 - errorRateBelow))
      const nothing = { measured: null, interval: null, unit: 'ratio', n: now.n, bound: errorRateBelow, window } as const
      return { ...nothing, result: 'inconclusive', cause: 'no_samples', needsMore, why }
    }
    const [spoiled, fallbacks] = [spoiledIn(evidence, upstream, during), countIn(faulted, ['fallback']) + keptNow]
    const what = `${failedText(spoiled)}${fallbacks === 0 ? '' : ` or got a fallback (${count(fallbacks)})`}`
    const rate = judgeIncrease(now, before, { limit: errorRateBelow, cause: 'harmed', what, compared: `in ${comparedWith}` })
    const opened = openedAmid(run, upstream, during)
    if (opened.length > 0 && rate.result !== 'fail') {
      const facts = { n: now.n, measured: rate.measured, interval: rate.interval, bound: errorRateBelow, unit: 'ratio', window } as const
      const why = `its breaker opened ${atTime(opened[0]!.fromMs)}, though nothing was wrong with ${upstream}; ${rate.why}`
      return { ...facts, result: 'fail', cause: 'harmed', why, withoutHarnessDelay: astrayWithoutDelay(run, upstream, opened, 'every') }
    }
    const allowed = { ratio: latencyRatio, slackMs: latencySlackMs }
    const pairs = routePairs(faulted, quiet, samplesFor(QUANTILE)).map((pair) => compared(pair, allowed))
    const slowed = pairs.map(({ result }) => result).reduce(worse, pairs.length === 0 ? 'inconclusive' : 'pass')
    const atWorst = (more: number): Result => increaseResult({ hits: Math.max(0, now.hits + more), n: now.n }, before, errorRateBelow)
    const withoutHarnessDelay: RawFinding['withoutHarnessDelay'] = (delay) =>
      pairs
        .map((pair) => withoutStalls(pair, allowed, delay))
        .reduce(worse, atWorst(-excused(faulted, delay, run, upstream, ['rejected', 'fallback'])))
    const failsAt = [...(rate.failsAt ?? []), ...pairs.map((pair) => pair.failsAt)]

    // Whichever of the two is worse is the finding; when both are as bad, errors speak first.
    if (rate.result !== 'pass' && worse(rate.result, slowed) === rate.result) return { ...rate, window, withoutHarnessDelay, failsAt }
    // A rate that passes has seen requests on both sides, so there is a pair.
    const shownPair = pairs.find(({ result }) => result === slowed)!
    const { amid, quietly, bound } = shownPair
    const named = pairs.length > 1 ? ` of ${shownPair.routes.join(' and ')}` : ''
    const figures = `p95${named} was ${shown(spanAtQuantile(quietly, QUANTILE))} in ${comparedWith} and ${shown(spanAtQuantile(amid, QUANTILE))} while others failed (allowed ${shown(bound)}); ${rate.why}`
    const interval = quantileInterval(amid, QUANTILE)
    const facts = { n: amid.totalCount, measured: spanAtQuantile(amid, QUANTILE), bound, interval, unit: 'ms', window } as const
    const judged = { ...facts, withoutHarnessDelay, failsAt }
    if (slowed === 'pass') {
      // Of all routes: which of them an unjoined attempt belongs to, nobody knows.
      const unsupported = unsupportedIn(whole, upstream, during)
      const passed = { ...judged, result: 'pass', why: figures } as const
      const raw = doubtUnsupported<'harmed' | CommonCause>(passed, unsupported, () => atWorst(unsupported))
      const missing = missingIn(run, { upstream, phases: during })
      const ifAllFailed = { hits: now.hits + missing, n: now.n + missing }
      return doubtMissing(raw, missing, () => increaseResult(ifAllFailed, before, errorRateBelow))
    }
    if (slowed === 'fail') return { ...judged, result: 'fail', cause: 'harmed', why: figures }
    const few = `${plural(quietly.totalCount, 'sample')} against ${plural(amid.totalCount, 'sample')} cannot tell the two apart`
    return { ...judged, result: 'inconclusive', cause: 'too_few_samples', why: `${figures}; ${few}` }
  },
})

/** Errors, answers that the upstream had spoiled, and fallbacks; `kept`: those of them that do not say so. */
function harmIn(cells: RequestCell[], kept: number): Hits {
  const spoiled = cells.filter(({ outcome }) => outcome === 'ok').reduce((total, { standing }) => total + standing.spoiled, 0)
  const n = countIn(cells)
  return { hits: Math.min(n, countIn(cells, [...errorOutcomes, 'fallback']) + spoiled + kept), n }
}

interface Allowed {
  ratio: number
  slackMs: Ms
}

interface ComparedPair extends RoutePair {
  amid: Latencies
  quietly: Latencies
  result: Result
  failsAt: (confidence: number) => boolean
  /** What p95 may be, by the compared phase's. */
  bound: Ms | null
}

/** Sure only when even the unlucky ends of both intervals agree. */
function compared(pair: RoutePair, { ratio, slackMs }: Allowed): ComparedPair {
  const [amid, quietly] = [timed(pair.now, 'latency'), timed(pair.before, 'latency')]
  const [lower, upper] = quantileDifference(amid, quietly, { quantile: QUANTILE, ratio })
  const base = spanAtQuantile(quietly, QUANTILE)
  return {
    ...pair,
    amid,
    quietly,
    result: upper !== null && upper < slackMs ? 'pass' : lower !== null && lower > slackMs ? 'fail' : 'inconclusive',
    failsAt(confidence) {
      const [surely] = quantileDifference(amid, quietly, { quantile: QUANTILE, ratio, confidence })
      return surely !== null && surely > slackMs
    },
    bound: base === null ? null : ratio * base + slackMs,
  }
}

/** When the upstream's breaker opened while others failed, although nothing was wrong with it. */
function openedAmid(run: Case, upstream: string, during: readonly string[]): Spell[] {
  const { plan, evidence } = run
  if (plan.faults.some((fault) => actsOn(fault, upstream)) || eventsProblem(run, upstream) !== undefined) return []
  const phases = plan.phases.filter(({ name }) => during.includes(name))
  return spells(evidence, upstream).filter(
    ({ state, fromMs }) => state === 'open' && phases.some(({ startMs, endMs }) => fromMs >= startMs && fromMs < endMs),
  )
}

/** p95 as it would have been, had no stall touched a request in the faults: as many of the slowest as it can have are left out. */
function withoutStalls({ now, before }: RoutePair, { ratio, slackMs }: Allowed, delay: HarnessDelay): Result {
  const base = quantileInterval(timed(before, 'service'), QUANTILE)[1]
  if (delay.saturated || base === null) return 'inconclusive'
  return quantileWithoutDelay(timed(now, 'service'), { quantile: QUANTILE, belowMs: ratio * base + slackMs }, delay)
}

const timed = (cells: RequestCell[], measure: 'latency' | 'service'): Latencies => latenciesIn(cells, withUnknown(['ok'], cells), measure)

function worse(a: Result, b: Result): Result {
  if (a === 'fail' || b === 'fail') return 'fail'
  return a === 'inconclusive' ? a : b
}

const shown = (ms: Ms | null): string => (ms === null ? 'unknown' : span(ms))
