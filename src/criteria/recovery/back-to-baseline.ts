// backToBaseline('gemini').after('outage').comparedWith('steady'): some time after a fault, things are as they were before it, route by
// route: how many requests arrive at the upstream, how many are answered well, and how long that takes.
//
//   steady ─────▶ outage ▒▒▒▒▒▒▒▶ recovery ─ ─ ─ ─|───────────▶ until the upstream's next fault
//   before                         may take so long  since
import * as z from 'zod'
import type { Latencies } from '../../evidence/latency-histogram.ts'
import { lackOfIds, unjoinedIn } from '../measure/gaps/unjoined-attempts.ts'
import { actsOn } from '../../faults/fault.ts'
import type { Ms } from '../../kernel/clock.ts'
import { type Duration, parseDuration } from '../../kernel/duration.ts'
import { span } from '../../kernel/wording.ts'
import { plannedRequests } from '../../plan/plan-index.ts'
import type { Plan, PlannedPhase } from '../../plan/plan.ts'
import { type WrittenCriterion, written } from '../writing/call-site.ts'
import type { CriterionProblem } from '../criterion.ts'
import { criterionType } from '../criterion-type.ts'
import { spanMs } from '../writing/fields.ts'
import {
  type Compared,
  type Doubt,
  comparableRoutes,
  compareAnswers,
  compareArrivals,
  compareErrors,
  compareLatencies,
} from '../measure/baseline.ts'
import type { Span } from '../measure/breaker/traffic.ts'
import { openedWithoutDelay, quantileWithoutDelay } from '../measure/excuse.ts'
import { wasDisturbed } from '../measure/fault-window.ts'
import { doubtMissing, missingIn } from '../measure/gaps/missing.ts'
import { samplesFor } from '../measure/statistics/sample-size.ts'
import { doubtUnsupported, spoiledIn, unsupportedIn } from '../measure/gaps/unsupported-answers.ts'
import { type Share, type UpstreamRef, nameOf, parseShare } from '../writing/notation.ts'
import type { HarnessDelay, Result, Window } from '../finding/raw-finding.ts'

const QUANTILE = 0.95

export interface BaselineOptions {
  /** p95 may be this many times what it was (default 1.5) … */
  latencyRatio?: number
  /** … plus this much (default 20 ms). */
  latencySlack?: Duration
  /** So many more requests may fail or get a fallback than before, as a share of all (default 2 %). */
  errorRateBelow?: Share
}

export interface BackToBaselineCriterion {
  /** The phase whose fault, or crowd, must be overcome. */
  after(phase: string): {
    /** From so long after the phase on; without this, from the middle of the time until the upstream's next fault. */
    within(time: Duration): { comparedWith(phase: string, options?: BaselineOptions): WrittenCriterion }
    comparedWith(phase: string, options?: BaselineOptions): WrittenCriterion
  }
}

function build(of: UpstreamRef): BackToBaselineCriterion {
  const ending =
    (after: string, within: { withinMs?: Ms }) =>
    (comparedWith: string, { latencyRatio = 1.5, latencySlack = '20ms', errorRateBelow = '2%' }: BaselineOptions = {}) =>
      written({
        kind: 'back_to_baseline',
        upstream: nameOf(of),
        after,
        ...within,
        comparedWith,
        latencyRatio,
        latencySlackMs: parseDuration(latencySlack),
        errorRateBelow: parseShare(errorRateBelow),
      })
  return {
    after: (phase) => ({
      within: (time) => ({ comparedWith: ending(phase, { withinMs: parseDuration(time) }) }),
      comparedWith: ending(phase, {}),
    }),
  }
}

export const backToBaseline = criterionType({
  kind: 'back_to_baseline',
  doc: {
    written: "backToBaseline('gemini').after('outage').comparedWith('steady')",
    demands: 'Some time after the fault things are as before it: arrivals, good answers, errors and latency, route by route.',
    over: {
      between:
        "the compared phase, and what follows the fault until the upstream's next one, its first half left out unless a time is given",
    },
    counts: 'Requests for this upstream, by route.',
    samples: '149 on each side',
    undecided: 'A comparison has too few requests, or the fault was not seen to act.',
  },
  fields: {
    upstream: z.string(),
    after: z.string(),
    withinMs: spanMs.exactOptional(),
    comparedWith: z.string(),
    latencyRatio: z.number().positive(),
    latencySlackMs: spanMs,
    errorRateBelow: z.number().gt(0).lt(1),
  },
  build: { backToBaseline: build },
  relation: 'all',
  breaker: 'none',
  causes: ['not_back'],
  sentence: ({ upstream, after, withinMs, comparedWith }) =>
    `${withinMs === undefined ? '' : `${span(withinMs)} `}after ${after}, ${upstream} is as in ${comparedWith}`,
  phases: ({ after, comparedWith }) => [after, comparedWith],
  needs: ({ errorRateBelow }) => needed(errorRateBelow),
  samplesIn: ({ upstream, after, comparedWith }, plan) => [
    plan.phases.filter(({ name }) => name === comparedWith),
    quietAfter(plan, upstream, after),
  ],
  check: (criterion, plan) => problemsOf(criterion, plan),

  judge({ upstream, after, withinMs, comparedWith, latencyRatio, latencySlackMs, errorRateBelow }, run) {
    const { plan } = run
    const quiet = quietAfter(plan, upstream, after)
    const before = plan.phases.find(({ name }) => name === comparedWith)
    const since = sinceOf(quiet, withinMs)
    const was: Span = { fromMs: before?.startMs ?? 0, toMs: before?.endMs ?? 0 }
    const names = quiet.map(({ name }) => name)
    // Not steady's: a slow harness is excused by what it did while it was measured.
    const window: Window = { ...since, phases: names }
    const routesSince = (time: Span): ReturnType<typeof comparableRoutes> => comparableRoutes(run, upstream, [was, time])
    const errors = (doubt: Doubt): Compared => compareErrors(run, routesSince(since).flat(), was, since, errorRateBelow, doubt)
    const comparedSince = (time: Span): Compared[] => {
      const routes = routesSince(time)
      return [
        ...compareArrivals(run, upstream, routes, was, time),
        ...compareAnswers(run, routes, was, time),
        compareErrors(run, routes.flat(), was, time, errorRateBelow, none),
        ...compareLatencies(run, routes, was, time, { ratio: latencyRatio, slackMs: latencySlackMs }),
      ]
    }
    const compared = comparedSince(since)
    if (!wasDisturbed(run, after, upstream)) {
      const untold = { n: 0, measured: null, interval: null, bound: compared.length, unit: 'comparisons', window } as const
      return {
        ...untold,
        result: 'inconclusive',
        cause: 'fault_never_bit',
        why: `${isSaturated(plan, after) ? 'nothing saturated' : 'no fault was seen to act in'} ${after}`,
      }
    }
    const failsAt = compared.map((each) => each.failsAt)
    const good = compared.filter(({ result }) => result === 'pass').length
    const n = Math.min(...compared.map((each) => each.n))
    const base = { n, measured: good, interval: null, bound: compared.length, unit: 'comparisons', window, failsAt } as const
    const failed = compared.filter(({ result }) => result === 'fail')
    if (failed.length > 0) {
      const withoutHarnessDelay = (delay: HarnessDelay): Result => {
        const recoveredMs = delay.openings.filter((opening) => opening.upstream === upstream).map(({ toMs }) => toMs)
        const later = { ...since, fromMs: Math.max(since.fromMs, ...recoveredMs) }
        const isOver = later.fromMs > since.fromMs && comparedSince(later).every(({ result }) => result !== 'fail')
        return isOver ? 'inconclusive' : withoutDelay(failed, delay, plan, upstream)
      }
      return {
        ...base,
        n: Math.min(...failed.map((each) => each.n)),
        result: 'fail',
        cause: 'not_back',
        why: failed.map(({ why }) => why).join('; '),
        withoutHarnessDelay,
      }
    }
    const open = compared.find(({ result }) => result === 'inconclusive')
    if (open) {
      const cause = open.n === 0 ? 'no_samples' : 'too_few_samples'
      // More runs tell no better which request an attempt belongs to.
      const remedy = unjoinedIn(run, { upstream, phases: names }) > 0 ? { remedy: lackOfIds(run, { upstream }).remedy } : {}
      return { ...base, result: 'inconclusive', cause, ...remedy, why: `${open.why}: too few requests to tell` }
    }
    const passed = { ...base, result: 'pass', why: compared.map(({ why }) => why).join('; ') } as const
    const unsupported = unsupportedIn(run, upstream, names) + spoiledIn(run.evidence, upstream, names)
    const missing = missingIn(run, { upstream, phases: names })
    return doubtMissing(
      doubtUnsupported(passed, unsupported, () => errors({ bad: unsupported, missing: 0 }).result),
      missing,
      () => errors({ bad: 0, missing }).result,
    )
  },
})

const none: Doubt = { bad: 0, missing: 0 }

const needed = (errorRateBelow: number): number => Math.max(2 * samplesFor(QUANTILE), samplesFor(1 - errorRateBelow))

const isSaturated = ({ phases }: Plan, phase: string): boolean => phases.some(({ name, saturation }) => name === phase && saturation)

/** The phases after `phase`, until the upstream's next fault, or the next crowd. */
function quietAfter({ phases, faults }: Plan, upstream: string, phase: string): PlannedPhase[] {
  const end = phases.find(({ name }) => name === phase)?.endMs ?? Number.POSITIVE_INFINITY
  const quiet: PlannedPhase[] = []
  for (const each of phases) {
    if (each.startMs < end || (each.warmUp && quiet.length === 0)) continue
    if (
      each.warmUp ||
      each.saturation ||
      faults.some((fault) => actsOn(fault, upstream) && fault.startMs < each.endMs && fault.endMs > each.startMs)
    )
      break
    quiet.push(each)
  }
  return quiet
}

function sinceOf(quiet: readonly PlannedPhase[], withinMs: Ms | undefined): Span {
  const [startMs, toMs] = [quiet[0]?.startMs ?? 0, quiet.at(-1)?.endMs ?? 0]
  return { fromMs: startMs + (withinMs ?? (toMs - startMs) / 2), toMs }
}

function problemsOf(
  { upstream, after, withinMs, errorRateBelow }: { upstream: string; after: string; withinMs?: Ms; errorRateBelow: number },
  plan: Plan,
): CriterionProblem[] {
  if (!plan.faults.some((fault) => fault.phase === after) && !isSaturated(plan, after))
    return [{ at: 'after', message: `phase "${after}" has no fault to come back from` }]
  const quiet = quietAfter(plan, upstream, after)
  if (quiet.length === 0) return [{ at: 'after', message: `no phase without a fault on ${upstream} follows "${after}"; add one` }]
  const since = sinceOf(quiet, withinMs)
  const lastsMs = since.toMs - quiet[0]!.startMs
  if (since.fromMs >= since.toMs)
    return [{ at: 'withinMs', message: `must be below the ${span(lastsMs)} that follow "${after}", got ${span(withinMs!)}` }]
  const perMs = quiet.reduce((total, { name }) => total + plannedRequests(plan, name, upstream), 0) / lastsMs
  const planned = perMs * (since.toMs - since.fromMs)
  const needs = needed(errorRateBelow)
  if (planned >= needs) return []
  // A time that is given stays as long as it is: only what follows it is longer.
  const longer = withinMs === undefined ? needs / planned : (withinMs + needs / perMs) / lastsMs
  const tooShort = new Map(quiet.map(({ name }) => [name, longer]))
  const message = `about ${Math.floor(planned)} requests for ${upstream} are compared after "${after}", and it takes ${needs}: lengthen what follows, or raise the rate`
  return [{ message, ...(planned > 0 && { tooShort }) }]
}

/** Latency runs from when a request was due: what was sent late is slower by that. */
const lateOf = ({ totalCount }: Latencies, { lateShare }: HarnessDelay): number => Math.ceil(totalCount * lateShare)

/** Of a latency, stalls and late sending are taken off. A share falls only when a breaker opened. */
function withoutDelay(failed: readonly Compared[], delay: HarnessDelay, plan: Plan, upstream: string): Result {
  const results = new Set(
    failed.map(({ latency }) =>
      latency
        ? quantileWithoutDelay(latency.after, { quantile: QUANTILE, belowMs: latency.allowedMs }, delay, lateOf(latency.after, delay))
        : openedWithoutDelay(plan, upstream)(delay),
    ),
  )
  return results.has('fail') ? 'fail' : results.has('inconclusive') ? 'inconclusive' : 'pass'
}
