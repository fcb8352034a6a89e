// Two witnesses of one breaker: what the gateway says, and what the fake upstream and the clients saw.
//
//   gateway   closed ──── open ─────────────────────────── half-open ── closed
//   arrivals  ••••••••• • •      of what is due now, none may come  • •••••••
//
// While it says closed, requests must pass: a long silence in which the gateway answers by itself contradicts it too.
// Requests that were due before the opening may still be on their way: each process that they pass may have stalled.
import type { Ms } from '../../kernel/clock.ts'
import { arrivalsOfDue, latenciesWithin } from '../../evidence/time-series.ts'
import { familyOf } from '../../faults/families.ts'
import { actsOn } from '../../faults/fault.ts'
import type { Outcome } from '../../contract/outcome.ts'
import { type Spell, spells } from '../../criteria/measure/breaker/breaker-history.ts'
import { whyBlind } from '../../criteria/measure/breaker/inferred-breaker.ts'
import { partlyText } from '../../criteria/measure/breaker/partial-opening.ts'
import type { PartialOpening } from '../../criteria/finding/observation.ts'
import { NEARLY, steadyShare } from '../../criteria/measure/breaker/passing.ts'
import { type Span, dueIn, ownCallRate, passages, silencesAt, steadyTime } from '../../criteria/measure/breaker/traffic.ts'
import { oncePerRun } from '../../criteria/measure/once-per-run.ts'
import { countIn, requestsIn, wholeRun } from '../../criteria/measure/scope.ts'
import { plural, span } from '../../kernel/wording.ts'
import type { Case } from '../../criteria/finding/raw-finding.ts'
import type { ValidityCheck } from '../verdict.ts'
import { again } from '../remedy/again.ts'
import { eventsProblem, openedPartly } from '../../criteria/measure/breaker/breaker-account.ts'
import { longestStall } from '../harness-delay.ts'
import { own } from '../../kernel/own.ts'

// Allowed between a change of state and its stamp, and between a request and its arrival at the gateway.
const SLACK: Ms = 100

// A request passes these before it arrives: gateway, proxy, upstream.
const PROCESSES = 3

// Calls of the gateway's own may come a little more often than before the faults.
const MORE = 1.5
const BY_CHANCE = 3

// A silence of this length, and so much longer than any before the faults, is none by chance.
const MIN_SILENCE: Ms = 1000
const UNUSUAL = 3
const MIN_DUE = 10

/** How a gateway ends requests that it does not pass on. A limiter, a pause, and a network that is down end them otherwise. */
const answersOfItsOwn: readonly Outcome[] = ['ok', 'fallback', 'rejected', 'shed', 'upstream_error']

interface Testimony {
  arrivals: number
  watchedMs: Ms
  /** Rejections while the breaker was reported closed. */
  rejections: number
  /** The longest silence while it was reported closed, with the requests due in it. */
  silence: { forMs: Ms; due: number } | undefined
}

/** What contradicts the gateway's account of this upstream's breaker; undefined when nothing does. */
export function contradiction(run: Case, upstream: string): string | undefined {
  if (!isWitness(run, upstream)) return undefined
  const { arrivals, watchedMs, rejections, silence } = testimony(run, upstream)
  if (arrivals > 0)
    return `${plural(arrivals, 'request')} reached ${upstream} while the gateway reported its breaker open (${span(watchedMs)} watched)`
  if (rejections > 0) return `${plural(rejections, 'request')} for ${upstream} were rejected by a breaker that was reported closed`
  if (silence)
    return `none of ${plural(silence.due, 'request')} reached ${upstream} in ${span(silence.forMs)} while the gateway reported its breaker closed`
  return undefined
}

export function witnessesAgree(run: Case): ValidityCheck[] {
  return Object.keys(run.plan.gateway.upstreams)
    .filter((upstream) => run.plan.gateway.upstreams[upstream]?.breaker && isWitness(run, upstream))
    .map((upstream) => {
      const against = contradiction(run, upstream)
      const { arrivals, watchedMs, rejections, silence } = testimony(run, upstream)
      return {
        id: `witnesses:${upstream}`,
        ok: against === undefined,
        sentence:
          against ??
          (watchedMs > 0
            ? `nothing reached ${upstream} while its breaker was open (${span(watchedMs)} watched)`
            : `${upstream}'s breaker was not open long enough to watch`),
        measured: arrivals + rejections + (silence?.due ?? 0),
        bound: 0,
        unit: 'requests',
        bias: 'none',
        remedy:
          against === undefined ? null : `leave its events aside, and see what the traffic tells: ${again(run, '--observe', 'traffic')}`,
      }
    })
}

/** States inferred from traffic cannot contradict the traffic. An account with gaps would seem to, so it is no witness. */
function isWitness(run: Case, upstream: string): boolean {
  return run.observe !== 'events' && run.inferred?.has(upstream) !== true && eventsProblem(run, upstream) === undefined
}

const testimony = oncePerRun((run, upstream): Testimony => {
  const { plan, evidence } = run
  const states = spells(evidence, upstream)
  const open = states.filter(({ state }) => state === 'open')
  const onTheWay = longestOnTheWay(run, upstream)
  // Arrivals while other workers' breakers are closed contradict no worker.
  const watched = withoutShared(open, run, upstream).map(({ fromMs, toMs }) =>
    arrivalsOfDue(evidence.series, upstream, { fromMs: fromMs + SLACK, toMs: toMs - SLACK, slackMs: onTheWay }),
  )
  const [known, unknown, watchedMs] = (['known', 'unknown', 'watchedMs'] as const).map((of) =>
    watched.reduce((total, each) => total + each[of], 0),
  ) as [number, number, Ms]
  // Its own calls go on at their own rate.
  const ownRate = ownCallRate(run, upstream)
  const ownCalls = ownRate === 0 ? 0 : MORE * ownRate * watchedMs + BY_CHANCE
  const phases = wholeRun(plan).phases
  return {
    arrivals: known + (unknown > ownCalls ? unknown : 0),
    watchedMs,
    rejections: open.length === 0 ? countIn(requestsIn(evidence, { upstream, phases }), ['rejected']) : rejectedWhileClosed(run, upstream),
    silence: silenceWhileClosed(run, upstream, states),
  }
})

/** A silence that the gateway made, and no cache, limiter, pause or fault: longer than any when all was well, and answered by itself. */
function silenceWhileClosed(run: Case, upstream: string, states: readonly Spell[]): Testimony['silence'] {
  const { plan, evidence } = run
  const { tickMs } = evidence.series
  if (whyBlind(run, upstream) !== undefined) return undefined
  const steady = steadyTime(plan)
  if (!steady) return undefined
  const share = steadyShare(plan, passages(run, upstream), tickMs)
  const quiet = silencesAt(run, upstream, tickMs).map(({ fromMs, stillMs, toMs }) => ({ fromMs: Math.max(fromMs, stillMs), toMs }))
  const usualMs = Math.max(0, ...quiet.map((each) => overlap(each, steady)))
  const leastMs = Math.max(MIN_SILENCE, UNUSUAL * usualMs)
  const long = quiet.filter(({ fromMs, toMs }) => toMs - fromMs >= leastMs)
  const silences = states
    .filter(({ state }) => state === 'closed')
    .flatMap((spell) =>
      long.map((each) => ({ fromMs: Math.max(each.fromMs, spell.fromMs + SLACK), toMs: Math.min(each.toMs, spell.toMs) })),
    )
    .filter(({ fromMs, toMs }) => toMs - fromMs >= leastMs)
    .map((within) => ({
      forMs: within.toMs - within.fromMs,
      due: dueIn(evidence, upstream, within, answersOfItsOwn),
      all: dueIn(evidence, upstream, within),
    }))
    .filter(({ due, all }) => due * share >= MIN_DUE && due >= NEARLY * all)
  return silences.toSorted((a, b) => b.forMs - a.forMs)[0]
}

// A breaker that lets a few calls pass while it says OPEN is a leaking one, and none of several.
const SHARED = { least: 0.1, most: 0.9 }

/** When a part of the requests meets an open breaker, and another part does not: workers with breakers of their own. */
const sharedIn = ({ partly }: Case, upstream: string): PartialOpening[] =>
  (partly?.get(upstream) ?? []).filter(({ share: [, measured] }) => measured > SHARED.least && measured < SHARED.most)

/** The spans, but for the times in which a gateway's workers disagree. */
function withoutShared(spans: readonly Span[], run: Case, upstream: string): Span[] {
  return sharedIn(run, upstream).reduce<Span[]>(
    (left, { fromMs, toMs }) =>
      left.flatMap((each) =>
        [
          { fromMs: each.fromMs, toMs: Math.min(each.toMs, fromMs) },
          { fromMs: Math.max(each.fromMs, toMs), toMs: each.toMs },
        ].filter((part) => part.toMs > part.fromMs),
      ),
    [...spans],
  )
}

/**
 * Why a finding about this upstream's breaker holds for a part of the gateway's workers alone, in words; undefined when it holds for all.
 * What one worker's events tell is told of that worker.
 */
export function partOfWorkers(run: Case, upstream: string): string | undefined {
  if (run.inferred?.has(upstream) === true) return openedPartly(run, upstream)
  if (!isWitness(run, upstream)) return undefined
  const open = spells(run.evidence, upstream).filter(({ state }) => state === 'open')
  const shared = sharedIn(run, upstream).find((each) => open.some((spell) => overlap(each, spell) > SLACK))
  return shared && `${upstream}'s breaker is told to be open, and looks ${partlyText(shared)}`
}

const overlap = (a: Span, b: Span): Ms => Math.max(0, Math.min(a.toMs, b.toMs) - Math.max(a.fromMs, b.fromMs))

/** Rejected requests that were due while the breaker was reported closed, and too early to have waited for the next opening. */
function rejectedWhileClosed(run: Case, upstream: string): number {
  const { plan, evidence } = run
  const closed = spells(evidence, upstream).filter(({ state }) => state === 'closed')
  return withoutShared(closed, run, upstream)
    .map(({ fromMs, toMs }) => {
      const untilMs = toMs === evidence.end.atMs ? toMs : toMs - plan.load.timeoutMs
      return latenciesWithin(evidence.series, upstream, 'rejected', fromMs + SLACK, untilMs).totalCount
    })
    .reduce((total, count) => total + count, 0)
}

/**
 * Longest time from due to arrival, for arrivals without a known request id: attempt timeout, the longest stall of each of three
 * processes, and the delay of the faults. Infinity when the delay of a fault has no bound.
 */
function longestOnTheWay(run: Case, upstream: string): Ms {
  const { plan } = run
  let delay = (own(plan.gateway.upstreams, upstream)?.timeout.attempt ?? 0) + PROCESSES * longestStall(run)
  for (const planned of plan.faults.filter((fault) => actsOn(fault, upstream)))
    delay += familyOf(planned.fault).delayBound(planned.fault, planned.endMs - planned.startMs)
  return delay
}
