// How requests for an upstream fare at one time against another, route by route: how many arrive there, how many are answered well, and
// how long that takes. Routes that are asked for too rarely to compare are taken together.
import type { Outcome } from '../../contract/outcome.ts'
import { type Latencies, spanAtQuantile } from '../../evidence/latency-histogram.ts'
import { mergeLatencies } from '../../evidence/merge-latencies.ts'
import type { Ms } from '../../kernel/clock.ts'
import { share, span } from '../../kernel/wording.ts'
import { reaches } from '../../plan/plan.ts'
import type { Case, Result } from '../finding/raw-finding.ts'
import { NEARLY } from './breaker/passing.ts'
import { routeOf } from './breaker/served-again.ts'
import { type Passage, type Span, flowOf, isJoined, passageIn, passages, sumWithin } from './breaker/traffic.ts'
import { type Hits, quantileDifference } from './statistics/difference.ts'
import { increaseResult } from './statistics/increase.ts'
import { samplesFor } from './statistics/sample-size.ts'
import { quantileInterval, rateInterval } from './statistics/statistics.ts'

const QUANTILE = 0.95

/** One measure of one route, before and after. */
export interface Compared {
  result: Result
  /** Whether it fails with bounds of a confidence (0–1). */
  failsAt: (confidence: number) => boolean
  /** "p95 of gemini.generate was 50 ms, and is 210 ms" */
  why: string
  /** Samples after. */
  n: number
  /** Of a latency: what is compared, so that a delay of the harness can be taken off. */
  latency?: { after: Latencies; allowedMs: Ms }
}

const timed: readonly Outcome[] = ['ok', 'client_timeout']

/** What some requests of one time did. */
interface Stretch {
  due: number
  ok: number
  /** With those that the load gave up waiting for. */
  latencies(): Latencies
}

/** Requests of these routes that were due in the buckets that lie wholly inside the span. */
export function stretchOf(run: Case, routes: readonly string[], within: Span): Stretch {
  const { bucketMs, latencies } = run.evidence.series
  const stretch: Stretch = {
    due: 0,
    ok: 0,
    latencies() {
      const [first, end] = [Math.ceil(within.fromMs / bucketMs), Math.max(0, Math.floor(within.toMs / bucketMs))]
      const lines = routes.flatMap((route) => timed.map((outcome) => latencies[route]?.[outcome] ?? []))
      return mergeLatencies(lines.flatMap((line) => line.slice(first, end).filter((bucket) => bucket !== null)))
    },
  }
  for (const { due, ok } of routes.map((route) => routeOf(run, route))) {
    stretch.due += sumWithin(due, within, bucketMs)
    stretch.ok += sumWithin(ok, within, bucketMs)
  }
  return stretch
}

/** Routes of the load that reach the upstream: each that has enough requests in both spans, then the others together. */
export function comparableRoutes(run: Case, upstream: string, spans: readonly Span[]): string[][] {
  const routes = run.plan.load.mix.filter((route) => reaches(route, upstream) && route.probe === undefined).map(({ route }) => route)
  const isEnough = (route: string): boolean => spans.every((within) => stretchOf(run, [route], within).due >= 2 * samplesFor(QUANTILE))
  const rare = routes.filter((route) => !isEnough(route))
  return [...routes.filter(isEnough).map((route) => [route]), ...(rare.length > 0 ? [rare] : [])]
}

/** Whether as large a share of the requests reaches the upstream as before: by route where that is known. */
export function compareArrivals(run: Case, upstream: string, routes: readonly string[][], before: Span, after: Span): Compared[] {
  const { bucketMs, tickMs } = run.evidence.series
  const what = `arrived at ${upstream}`
  if (!isJoined(run, upstream)) {
    const ticks = passages(run, upstream)
    return [compareShares(`requests ${what}`, passageIn(ticks, before, tickMs), passageIn(ticks, after, tickMs))]
  }
  const { triedByRoute } = flowOf(run.evidence, upstream)
  const passage = (names: readonly string[], within: Span): Passage => {
    const tried = names.reduce((total, name) => total + sumWithin(triedByRoute[name] ?? [], within, bucketMs), 0)
    const { due } = stretchOf(run, names, within)
    return { asked: due, passed: Math.min(due, tried) }
  }
  return routes.map((names) => compareShares(`requests of ${names.join(', ')} ${what}`, passage(names, before), passage(names, after)))
}

/** Whether as large a share of the requests is answered well as before. */
export function compareAnswers(run: Case, routes: readonly string[][], before: Span, after: Span): Compared[] {
  return routes.map((names) => {
    const [was, is] = [before, after].map((within) => stretchOf(run, names, within)) as [Stretch, Stretch]
    return compareShares(`requests of ${names.join(', ')} were ok`, { asked: was.due, passed: was.ok }, { asked: is.due, passed: is.ok })
  })
}

/** Requests that may have failed although nothing says so, and planned ones of which there is no record. */
export interface Doubt {
  bad: number
  missing: number
}

/** Whether at most a share of `more` more requests fail, or get a fallback, than before. */
export function compareErrors(
  run: Case,
  routes: readonly string[],
  before: Span,
  after: Span,
  more: number,
  { bad, missing }: Doubt,
): Compared {
  const [was, is] = [before, after].map((within) => stretchOf(run, routes, within)) as [Stretch, Stretch]
  const usual = { hits: was.due - was.ok, n: was.due }
  const now = { hits: Math.min(is.due + missing, is.due - is.ok + bad + missing), n: is.due + missing }
  const figures = ({ hits, n }: Hits): string => (n === 0 ? 'none was due' : share(hits / n))
  return {
    result: increaseResult(now, usual, more),
    failsAt: (confidence) => increaseResult(now, usual, more, confidence) === 'fail',
    why: `${figures(usual)} failed or got a fallback before, and ${figures(now)} since (allowed ${share(more)} more)`,
    n: now.n,
  }
}

/** What a latency may be: so many times the one before, and so much more. */
export interface Allowance {
  ratio: number
  slackMs: Ms
}

/** Whether p95 of good answers is at most what is allowed of the one before. */
export function compareLatencies(
  run: Case,
  routes: readonly string[][],
  before: Span,
  after: Span,
  { ratio, slackMs }: Allowance,
): Compared[] {
  return routes.map((names) => {
    const [was, is] = [before, after].map((within) => stretchOf(run, names, within).latencies()) as [Latencies, Latencies]
    const [lower, upper] = quantileDifference(is, was, { quantile: QUANTILE, ratio })
    const [wasMs, isMs] = [spanAtQuantile(was, QUANTILE), spanAtQuantile(is, QUANTILE)]
    const shown = (ms: Ms | null): string => (ms === null ? 'unknown' : span(ms))
    const allowed = wasMs === null ? '' : ` (allowed ${span(ratio * wasMs + slackMs)})`
    return {
      result: upper !== null && upper < slackMs ? 'pass' : lower !== null && lower > slackMs ? 'fail' : 'inconclusive',
      failsAt(confidence) {
        const [surely] = quantileDifference(is, was, { quantile: QUANTILE, ratio, confidence })
        return surely !== null && surely > slackMs
      },
      why: `p95 of ${names.join(', ')} was ${shown(wasMs)} before, and is ${shown(isMs)} since${allowed}`,
      n: is.totalCount,
      latency: { after: is, allowedMs: ratio * (quantileInterval(was, QUANTILE)[1] ?? 0) + slackMs },
    }
  })
}

/** Sure only when even the unlucky ends of both intervals agree. */
function compareShares(what: string, before: Passage, after: Passage): Compared {
  const bounds = ({ asked, passed }: Passage, confidence?: number): [number, number] =>
    asked === 0 ? [0, 1] : rateInterval(passed, asked, confidence)
  const failsAt = (confidence?: number): boolean => bounds(after, confidence)[1] < NEARLY * bounds(before, confidence)[0]
  const passes = bounds(after)[0] >= NEARLY * bounds(before)[1]
  const figure = ({ asked, passed }: Passage): string => (asked === 0 ? 'none' : share(passed / asked))
  return {
    result: before.asked > 0 && passes ? 'pass' : failsAt() ? 'fail' : 'inconclusive',
    failsAt,
    why: `${figure(before)} of ${what} before, and ${figure(after)} since`,
    n: after.asked,
  }
}
