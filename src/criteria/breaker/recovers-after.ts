// breaker('gemini').recoversAfter('5s'): an open breaker lets a probe pass when its recovery time is over, no earlier and not much later.
import { actsOn } from '../../faults/fault.ts'
import { faultTimes } from '../measure/fault-window.ts'
import { type Duration, parseDuration } from '../../kernel/duration.ts'
import type { Ms } from '../../kernel/clock.ts'
import { atTime, plural, span } from '../../kernel/wording.ts'
import { type WrittenCriterion, written } from '../writing/call-site.ts'
import type { CriterionProblem } from '../criterion.ts'
import { criterionType } from '../criterion-type.ts'
import { ofOne, spanMs } from '../writing/fields.ts'
import { type Spell, inexact, spells, transitionsOf } from '../measure/breaker/breaker-history.ts'
import { ownCallRate, passesIds } from '../measure/breaker/traffic.ts'
import { soonerWithoutDelay } from '../measure/excuse.ts'
import { requestsBetween, wholeRun } from '../measure/scope.ts'
import type { Case, RawFinding } from '../finding/raw-finding.ts'

/** How much later than set, where the author does not say: a probe waits for its request, and recovery times are jittered. */
const LATER = 1.5
// Stamps are rounded, and a timer may fire a little early.
const STAMP_SLACK: Ms = 50

export const recoversAfter = criterionType({
  kind: 'recovers_after',
  doc: {
    written: "breaker('gemini').recoversAfter('5s')",
    demands: 'An open breaker lets a probe pass when its recovery time is over, neither early nor much later.',
    over: 'run',
    counts: 'Each spell in which the breaker is open; time without a request that could probe it is left out.',
    samples: 'one spell that ends in a probe',
    undecided: "It never opened, or another worker, or a call of the gateway's own, may have probed.",
  },
  fields: { upstream: ofOne.upstream, earliestMs: spanMs, latestMs: spanMs },
  build: {
    /** Every time it opens, it stays so for at least this long, and at most for `atMost` (default: 1.5 times as long). */
    recoversAfter:
      (upstream: string) =>
      (earliest: Duration, { atMost }: { atMost?: Duration } = {}): WrittenCriterion => {
        const earliestMs = parseDuration(earliest)
        const latestMs = atMost === undefined ? LATER * earliestMs : parseDuration(atMost)
        return written({ kind: 'recovers_after', upstream, earliestMs, latestMs })
      },
  },
  relation: 'at_most',
  breaker: 'events',
  causes: ['probed_early', 'probed_late', 'never_half_open'],
  sentence: ({ upstream, earliestMs, latestMs }) =>
    `${upstream}'s open breaker lets a probe pass after ${span(earliestMs)} to ${span(latestMs)}`,
  phases: () => [],
  needs: () => 1,
  check: ({ earliestMs, latestMs }): CriterionProblem[] =>
    latestMs > earliestMs ? [] : [{ at: 'latestMs', message: `must be above ${span(earliestMs)}, got ${span(latestMs)}` }],

  judge({ upstream, earliestMs, latestMs }, run) {
    const base = { n: 0, measured: null, interval: null, bound: latestMs, unit: 'ms', window: wholeRun(run.plan) } as const
    const waits = waitsOf(run, upstream, earliestMs)
    const told = waits.filter(({ endsIn }) => endsIn === 'probe')
    const promised = `promised ${span(earliestMs)} to ${span(latestMs)}`
    const early = told.find(({ forMs, slackMs }) => forMs + slackMs < earliestMs)
    if (early) {
      const why = `open ${atTime(early.fromMs)}, it let a request pass after ${inexact(span(early.forMs), early.told ? 0 : early.slackMs)}, ${promised}`
      const doubt = early.told ? undefined : whyNotItsProbe(run, upstream, early, earliestMs)
      if (doubt !== undefined)
        return { ...base, n: told.length, result: 'inconclusive', cause: 'too_few_samples', measured: early.forMs, why: `${why}; ${doubt}` }
      return { ...base, n: told.length, result: 'fail', cause: 'probed_early', measured: early.forMs, why }
    }
    const late = waits.find(({ forMs, slackMs }) => forMs - slackMs > latestMs)
    if (late && !late.told && callsByItself(run, upstream)) {
      const why = `open ${atTime(late.fromMs)} for ${span(late.forMs)}, ${promised}; calls of the gateway's own may have been its probes`
      return { ...base, n: told.length, result: 'inconclusive', cause: 'too_few_samples', measured: late.forMs, why }
    }
    if (late) {
      const cause = late.endsIn === 'probe' ? 'probed_late' : 'never_half_open'
      const passed = late.endsIn === 'probe' ? 'it let a request pass after' : 'it let nothing pass for'
      const why = `open ${atTime(late.fromMs)}, ${passed} ${span(late.forMs)}, ${promised}`
      return { ...base, n: told.length, result: 'fail', cause, measured: late.forMs, why, withoutHarnessDelay: soonEnough(late, latestMs) }
    }
    if (told.length === 0) {
      const why = waits.length === 0 ? 'it never opened' : 'the run ends while it is open'
      return { ...base, result: 'inconclusive', cause: 'no_samples', ...(waits.length === 0 && { absent: 'breaker' }), why }
    }
    const [shortest, longest] = [Math.min(...told.map(({ forMs }) => forMs)), Math.max(...told.map(({ forMs }) => forMs))]
    const times = shortest === longest ? span(shortest) : `${span(shortest)} to ${span(longest)}`
    return {
      ...base,
      n: told.length,
      result: 'pass',
      measured: longest,
      why: `probed after ${times}, ${plural(told.length, 'time')}, ${promised}`,
    }
  },
})

interface Wait {
  fromMs: Ms
  forMs: Ms
  /** By how much it may have been shorter or longer. */
  slackMs: Ms
  endsIn: 'probe' | 'evidence'
  /** The first since it was closed: all workers had opened a moment ago. */
  first: boolean
  /** By the gateway, and not inferred. */
  told: boolean
}

/** How long the breaker was open each time. Time in which no request came to probe it counts for nothing. */
function waitsOf(run: Case, upstream: string, earliestMs: Ms): Wait[] {
  const { evidence } = run
  const isTold = run.inferred?.has(upstream) !== true
  const ends = transitionsOf(evidence, upstream)
  const states = spells(evidence, upstream)
  return states
    .filter(({ state, fromMs, toMs }) => state === 'open' && fromMs > 0 && !isRestart(ends.find(({ atMs }) => atMs === toMs)?.cause))
    .map((spell) => ({
      fromMs: spell.fromMs,
      forMs: spell.toMs - spell.fromMs - idleMs(run, upstream, spell, earliestMs),
      slackMs: STAMP_SLACK + spell.slackMs + (states.find(({ fromMs }) => fromMs === spell.toMs)?.slackMs ?? 0),
      first: states[states.indexOf(spell) - 1]?.state === 'closed',
      told: isTold,
      endsIn: spell.toMs >= evidence.end.atMs ? 'evidence' : 'probe',
    }))
}

/** From when its recovery time was over until the first request that could have been the probe. */
function idleMs({ plan, evidence }: Case, upstream: string, { fromMs, toMs: endMs }: Spell, earliestMs: Ms): Ms {
  const toMs = Math.min(endMs, plan.durationMs)
  const { bucketMs } = evidence.series
  const readyMs = fromMs + earliestMs
  let untilMs = Math.max(0, readyMs)
  while (untilMs < toMs && requestsBetween(evidence, upstream, untilMs, Math.min(toMs, untilMs + bucketMs)) === 0) untilMs += bucketMs
  return Math.max(0, Math.min(untilMs, toMs) - readyMs)
}

/** Why an inferred probe that came early may be none of the breaker that was open so long; undefined when it surely is. */
function whyNotItsProbe(run: Case, upstream: string, { first, fromMs, forMs, slackMs }: Wait, earliestMs: Ms): string | undefined {
  if (!passesIds(run, upstream)) return "without x-request-id nobody can tell it from a call of the gateway's own"
  const onMs = run.plan.faults
    .filter((fault) => actsOn(fault, upstream))
    .map((fault) => faultTimes(run.evidence, fault).requestedMs ?? fault.startMs)
    .filter((startMs) => startMs <= fromMs + slackMs)
  // No worker opened before the fault began.
  const longestMs = fromMs + forMs - Math.max(...onMs)
  return first && longestMs + STAMP_SLACK < earliestMs ? undefined : 'it may be the probe of another worker, which opened at another time'
}

/** Whether the upstream gets calls that are no client's: they may find out that it is well again. */
const callsByItself = (run: Case, upstream: string): boolean =>
  ownCallRate(run, upstream) > 0 || run.evidence.own.some((calls) => calls.upstream === upstream && calls.count > 0)

/** A process that was started again has a new breaker, which waits for nothing. */
const isRestart = (cause: string | undefined): boolean => cause === 'restarted'

const soonEnough = ({ fromMs, forMs, slackMs }: Wait, latestMs: Ms): NonNullable<RawFinding['withoutHarnessDelay']> =>
  soonerWithoutDelay(forMs - slackMs, latestMs, fromMs)
