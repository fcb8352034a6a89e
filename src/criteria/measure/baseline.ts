// How requests for an upstream fare at one time against another, route by route: how many arrive there, how many are answered well, and
// how long that takes. Routes that are asked for too rarely to compare are taken together.
import type { Outcome } from '../../contract/outcome.ts'
import { type Latencies, mergeLatencies, spanAtQuantile } from '../../evidence/latency-histogram.ts'
import type { Ms } from '../../kernel/clock.ts'
import { share, span } from '../../kernel/wording.ts'
import { reaches } from '../../plan/plan.ts'
import type { Case, Result } from '../raw-finding.ts'
import { NEARLY } from './breaker/passing.ts'
import { type Passage, type Span, flowOf, isJoined, passageIn, passages } from './breaker/traffic.ts'
import { rateResult } from './statistics/rate.ts'
import { samplesFor } from './statistics/sample-size.ts'
import { quantileInterval, rateInterval } from './statistics/statistics.ts'

const QUANTILE = 0.95

/** One measure of one route, before and after. */
export interface Compared {
  result: Result
  /** "p95 of gemini.generate was 50 ms, and is 210 ms" */
  why: string
  /** Samples after. */
  n: number
  /** Of a latency: what is compared, so that a delay of the harness can be taken off. */
  latency?: { after: Latencies; allowedMs: Ms }
}

/** What some requests of one time did. */
interface Stretch {
  due: number
  ok: number
  /** With those that the load gave up waiting for. */
  latencies: Latencies
}

/** Requests of these routes that were due in the buckets that lie wholly inside the span. */
function stretchOf({ evidence: { series } }: Case, routes: readonly string[], { fromMs, toMs }: Span): Stretch {
  const [first, end] = [Math.ceil(fromMs / series.bucketMs), Math.max(0, Math.floor(toMs / series.bucketMs))]
  const within = (route: string, outcome: Outcome): Latencies[] =>
    (series.latencies[route]?.[outcome] ?? []).slice(first, end).filter((bucket) => bucket !== null)
  const count = (parts: readonly Latencies[]): number => parts.reduce((total, { totalCount }) => total + totalCount, 0)
  const all = routes.flatMap((route) =>
    (Object.keys(series.latencies[route] ?? {}) as Outcome[]).flatMap((outcome) => within(route, outcome)),
  )
  const ok = routes.flatMap((route) => within(route, 'ok'))
  const unknown = routes.flatMap((route) => within(route, 'client_timeout'))
  return { due: count(all), ok: count(ok), latencies: mergeLatencies([...ok, ...unknown]) }
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
    const [first, end] = [Math.ceil(within.fromMs / bucketMs), Math.max(0, Math.floor(within.toMs / bucketMs))]
    const tried = names.flatMap((name) => (triedByRoute[name] ?? []).slice(first, end)).reduce((total, count) => total + count, 0)
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
  const [usual, errors, n] = [was.due - was.ok, is.due - is.ok + bad + missing, is.due + missing]
  const limit = Math.min(1, more + (usual === 0 ? 0 : rateInterval(usual, was.due)[1]))
  const figures = (count: number, all: number): string => (all === 0 ? 'none was due' : share(count / all))
  return {
    result: was.due === 0 ? 'inconclusive' : rateResult(Math.min(n, errors), n, { good: 'below', limit }),
    why: `${figures(usual, was.due)} failed or got a fallback before, ${figures(errors, n)} since (allowed below ${share(limit)})`,
    n,
  }
}

/** Whether p95 of good answers is at most what `allow` makes of the one before. */
export function compareLatencies(run: Case, routes: readonly string[][], before: Span, after: Span, allow: (base: Ms) => Ms): Compared[] {
  return routes.map((names) => {
    const [was, is] = [before, after].map((within) => stretchOf(run, names, within).latencies) as [Latencies, Latencies]
    const [[wasLow, wasHigh], [isLow, isHigh]] = [quantileInterval(was, QUANTILE), quantileInterval(is, QUANTILE)]
    const [wasMs, isMs] = [spanAtQuantile(was, QUANTILE), spanAtQuantile(is, QUANTILE)]
    const isGood = isHigh !== null && wasLow !== null && isHigh < allow(wasLow)
    const isBad = isLow !== null && wasHigh !== null && isLow > allow(wasHigh)
    const shown = (ms: Ms | null): string => (ms === null ? 'unknown' : span(ms))
    const allowed = wasMs === null ? '' : ` (allowed ${span(allow(wasMs))})`
    return {
      result: isGood ? 'pass' : isBad ? 'fail' : 'inconclusive',
      why: `p95 of ${names.join(', ')} was ${shown(wasMs)} before, and ${shown(isMs)} since${allowed}`,
      n: is.totalCount,
      latency: { after: is, allowedMs: allow(wasHigh ?? 0) },
    }
  })
}

/** Sure only when the whole interval of what is lies on one side of nearly what was. */
function compareShares(what: string, before: Passage, after: Passage): Compared {
  const was = before.asked === 0 ? 0 : before.passed / before.asked
  const [lower, upper] = after.asked === 0 ? [0, 1] : rateInterval(after.passed, after.asked)
  const result =
    before.asked === 0 || after.asked === 0
      ? 'inconclusive'
      : lower >= NEARLY * was
        ? 'pass'
        : upper < NEARLY * was
          ? 'fail'
          : 'inconclusive'
  const is = after.asked === 0 ? 'none was due' : `${share(after.passed / after.asked)} since`
  return { result, why: `${share(was)} of ${what} before, ${is}`, n: after.asked }
}
