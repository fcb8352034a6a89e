// goodputAfter('spike').of('search').within('5s').comparedWith('steady', { above: '90%' }): an overload is over, load and capacity are what
// they were before it, and so are good answers per second. A gateway that keeps the overload alive by its own retries has fewer, for ever.
//
//   steady ─────▶ spike ▒▒▒▒▒▒▒▶ after ─ ─ ─|───────────▶ until the load changes, or the upstream's next fault
//   before                    may take so long  since
import * as z from 'zod'
import { type Duration, parseDuration } from '../../kernel/duration.ts'
import { beside, needsText, share, span } from '../../kernel/wording.ts'
import { plannedRequests } from '../../plan/plan-index.ts'
import { type Plan, reaches } from '../../plan/plan.ts'
import { type WrittenCriterion, written } from '../writing/call-site.ts'
import type { CriterionProblem } from '../criterion.ts'
import { criterionType } from '../criterion-type.ts'
import { spanMs } from '../writing/fields.ts'
import { stretchOf } from '../measure/baseline.ts'
import type { Span } from '../measure/breaker/traffic.ts'
import { excused } from '../measure/excuse.ts'
import { faultsOf } from '../measure/fault-window.ts'
import { doubtMissing, missingIn } from '../measure/gaps/missing.ts'
import { haltedIn, requestsIn } from '../measure/scope.ts'
import type { Hits } from '../measure/statistics/difference.ts'
import { CONFIDENCE, samplesFor } from '../measure/statistics/sample-size.ts'
import { rateInterval } from '../measure/statistics/statistics.ts'
import { doubtUnsupported, spoiledIn, unsupportedIn } from '../measure/gaps/unsupported-answers.ts'
import { type Share, type UpstreamRef, nameOf, parseShare } from '../writing/notation.ts'
import type { Case, Result, Window } from '../finding/raw-finding.ts'
import { type Overload, isBusier, isOverloaded, quietAfter, rateOf } from './overload.ts'

export interface GoodputAfterCriterion {
  /** The upstream that was asked for more than it can do. */
  of(upstream: UpstreamRef): {
    /** From so long after the phase on. */
    within(time: Duration): {
      /** `above`: of the good answers per second that the phase had (default 90 %). */
      comparedWith(phase: string, options?: { above?: Share }): WrittenCriterion
    }
  }
}

const build = (after: string): GoodputAfterCriterion => ({
  of: (upstream) => ({
    within: (time) => ({
      comparedWith: (phase, { above = '90%' } = {}) =>
        written({
          kind: 'goodput_after',
          upstream: nameOf(upstream),
          after,
          withinMs: parseDuration(time),
          comparedWith: phase,
          above: parseShare(above),
        }),
    }),
  }),
})

interface Data extends Overload {
  withinMs: number
  above: number
}

export const goodputAfter = criterionType({
  kind: 'goodput_after',
  doc: {
    written: "goodputAfter('spike').of('search').within('5s').comparedWith('steady')",
    demands: 'Once an overload is over, there are as many good answers per second as before it, but for a share.',
    over: { between: 'the compared phase, and what follows the overload at the same load, the time that it may take left out' },
    counts: 'Requests for this upstream; answered well is ok.',
    samples: '29 on each side for 90 %, 59 for 95 %',
    undecided: 'Too few requests on one of the sides, or the overload was not seen.',
  },
  fields: {
    upstream: z.string(),
    after: z.string(),
    withinMs: spanMs,
    comparedWith: z.string(),
    above: z.number().gt(0).lt(1),
  },
  build: { goodputAfter: build },
  relation: 'above',
  breaker: 'none',
  causes: ['stays_low'],
  sentence: ({ upstream, after, withinMs, comparedWith, above }) =>
    `${span(withinMs)} after ${after}, goodput of ${upstream} is above ${share(above)} of that in ${comparedWith}`,
  phases: ({ after, comparedWith }) => [after, comparedWith],
  needs: ({ above }) => samplesFor(above),
  samplesIn: (criterion, plan) => [plan.phases.filter(({ name }) => name === criterion.comparedWith), quietAfter(plan, criterion)],
  check: (criterion, plan) => problemsOf(criterion, plan),

  judge(criterion, run) {
    const { upstream, after, withinMs, comparedWith, above } = criterion
    const { plan, evidence } = run
    const quiet = quietAfter(plan, criterion)
    const names = quiet.map(({ name }) => name)
    const compared = plan.phases.find(({ name }) => name === comparedWith)
    const was: Span = { fromMs: compared?.startMs ?? 0, toMs: compared?.endMs ?? 0 }
    const since: Span = { fromMs: (quiet[0]?.startMs ?? 0) + withinMs, toMs: quiet.at(-1)?.endMs ?? 0 }
    // Not steady's: a slow harness is excused by what it did while it was measured.
    const window: Window = { ...since, phases: names }
    const cells = requestsIn(evidence, { upstream, phases: names })
    const [before, now] = [goodIn(run, upstream, was), goodIn(run, upstream, since)]
    // What was stopped might have been answered yet.
    const n = Math.max(0, now.n - haltedIn(cells))
    const base = { n, bound: above, unit: 'ratio', window } as const
    const nothing = { ...base, measured: null, interval: null, result: 'inconclusive' } as const
    if (!isOverloaded(run, criterion))
      return { ...nothing, cause: 'fault_never_bit', why: `nothing was seen to overload ${upstream} in ${after}` }
    if (n === 0 || before.hits === 0)
      return {
        ...nothing,
        cause: 'no_samples',
        needsMore: samplesFor(above),
        why: n === 0 ? `no request was due after ${after}` : `no request of ${comparedWith} was answered well`,
      }

    const spoiled = spoiledIn(evidence, upstream, names)
    const seen: Hits = { hits: Math.max(0, now.hits - spoiled), n }
    const measured = (seen.hits / n / before.hits) * before.n
    const interval = ratioInterval(seen, before)
    const perSecond = (hits: Hits, phase: string): string => {
      const asked = rateOf(plan, phase, upstream)
      return `${rateText((asked * hits.hits) / hits.n)} good answers a second for ${rateText(asked)} asked`
    }
    const figures = `${perSecond(seen, names[0]!)}, and ${perSecond(before, comparedWith)} in ${comparedWith}: ${beside(measured, above, share)} (${share(interval[0])} to ${share(interval[1])})`
    const failsAt = [(confidence: number) => ratioResult(seen, before, above, confidence) === 'fail']
    const judged = { ...base, measured, interval, failsAt }
    const result = ratioResult(seen, before, above)
    if (result === 'fail')
      return {
        ...judged,
        result,
        cause: 'stays_low',
        why: `${figures}, promised above ${share(above)} with load and capacity as before`,
        withoutHarnessDelay: (delay) => {
          const bad = n - seen.hits
          const better = seen.hits + Math.min(bad, excused(cells, delay, run, upstream, ['rejected', 'fallback']))
          return ratioResult({ hits: better, n }, before, above)
        },
      }
    if (result === 'inconclusive') {
      const needsMore = Math.max(0, samplesFor(above) - Math.min(n, before.n))
      const more = needsMore > 0 ? { needsMore } : {}
      return {
        ...judged,
        result,
        cause: 'too_few_samples',
        ...more,
        why: `${figures}, limit ${share(above)}${needsText(needsMore || undefined)}`,
      }
    }
    const unsupported = unsupportedIn(run, upstream, names)
    const missing = missingIn(run, { upstream, phases: names })
    return doubtMissing(
      doubtUnsupported({ ...judged, result, why: `${figures}, limit ${share(above)}` }, unsupported, () =>
        ratioResult({ hits: Math.max(0, seen.hits - unsupported), n }, before, above),
      ),
      missing,
      () => ratioResult({ hits: seen.hits, n: n + missing }, before, above),
    )
  },
})

const rateText = (perSecond: number): string => String(Number(perSecond.toPrecision(3)))

/** Requests for the upstream that were due in the span, and how many of them were answered well. */
function goodIn(run: Case, upstream: string, within: Span): Hits {
  const routes = run.plan.load.mix.filter((route) => reaches(route, upstream) && route.probe === undefined).map(({ route }) => route)
  const { due, ok } = stretchOf(run, routes, within)
  return { hits: ok, n: due }
}

/** The share since over the share before. Sure on each side only when the unlucky ends of both intervals agree. */
function ratioInterval(now: Hits, before: Hits, confidence = CONFIDENCE): [lower: number, upper: number] {
  const [least, most] = rateInterval(now.hits, now.n, confidence)
  const [wasLeast, wasMost] = rateInterval(before.hits, before.n, confidence)
  return [least / wasMost, most / wasLeast]
}

function ratioResult(now: Hits, before: Hits, above: number, confidence?: number): Result {
  if (now.n === 0 || before.hits === 0) return 'inconclusive'
  const [lower, upper] = ratioInterval(now, before, confidence)
  return lower > above ? 'pass' : upper <= above ? 'fail' : 'inconclusive'
}

function problemsOf(criterion: Data, plan: Plan): CriterionProblem[] {
  const { upstream, after, withinMs, comparedWith, above } = criterion
  const phase = plan.phases.find(({ name }) => name === after)
  // Unknown names are told already.
  if (!phase || !plan.phases.some(({ name }) => name === comparedWith)) return []
  if (faultsOf(plan, after, upstream).length === 0 && !phase.saturation && !isBusier(plan, criterion))
    return [
      {
        at: 'after',
        message: `phase "${after}" is no overload of ${upstream}: it has no fault, no crowd, and no more load than "${comparedWith}"`,
      },
    ]
  const quiet = quietAfter(plan, criterion)
  if (quiet.length === 0)
    return [
      {
        at: 'after',
        message: `no phase with the load of "${comparedWith}", and without a fault on ${upstream}, follows "${after}"; add one`,
      },
    ]
  const [startMs, endMs] = [quiet[0]!.startMs, quiet.at(-1)!.endMs]
  if (withinMs >= endMs - startMs)
    return [{ at: 'withinMs', message: `must be below the ${span(endMs - startMs)} that follow "${after}", got ${span(withinMs)}` }]
  const planned = quiet.reduce((total, { name }) => total + plannedRequests(plan, name, upstream), 0) * (1 - withinMs / (endMs - startMs))
  if (planned >= samplesFor(above)) return []
  const message = `about ${Math.floor(planned)} requests for ${upstream} are due in the time that is compared, and it takes ${samplesFor(above)}: lengthen what follows "${after}", or raise the rate`
  return [{ message }]
}
