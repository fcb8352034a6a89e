// What the delay of a slow harness may have made: openings of a breaker, and errors.
import type { RequestCell } from '../../evidence/fold/requests.ts'
import { type Latencies, countFrom } from '../../evidence/latency-histogram.ts'
import type { Ms } from '../../kernel/clock.ts'
import { own } from '../../kernel/own.ts'
import type { Plan } from '../../plan/plan.ts'
import type { Case, HarnessDelay, RawFinding, Refusal, Result } from '../finding/raw-finding.ts'
import type { Spell } from './breaker/breaker-history.ts'
import { isFaultedAmid } from './fault-window.ts'
import { rateResult } from './statistics/rate.ts'
import { countIn } from './scope.ts'

const attemptTimeout = (plan: Plan, upstream: string): Ms =>
  own(plan.gateway.upstreams, upstream)?.timeout.attempt ?? Number.POSITIVE_INFINITY

/** A delay opens a breaker only by letting attempts time out: it must have lasted as long. */
const couldOpen = ({ saturated, stallMs }: HarnessDelay, plan: Plan, upstream: string): boolean =>
  saturated || stallMs >= attemptTimeout(plan, upstream)

/** `withoutHarnessDelay` of a failure that consists of a breaker having opened, nobody knows when. */
export function openedWithoutDelay(plan: Plan, upstream: string): NonNullable<RawFinding['withoutHarnessDelay']> {
  return (delay) => (couldOpen(delay, plan, upstream) ? 'inconclusive' : 'fail')
}

/**
 * `withoutHarnessDelay` of a failure that consists of these spells: `every` one of them must be of a stall, or the rest would fail alone;
 * `some` one where one opening less is another way to go.
 */
export function astrayWithoutDelay(
  run: Case,
  upstream: string,
  spells: readonly Spell[],
  which: 'every' | 'some',
): NonNullable<RawFinding['withoutHarnessDelay']> {
  return (delay) => {
    // Half-open follows from open.
    const isExcused = spells.filter(({ state }) => state === 'open')[which]((spell) => mayBeOfStall(delay, run, upstream, spell))
    return delay.saturated || isExcused ? 'inconclusive' : 'fail'
  }
}

/** A stall amid a fault may open what the fault alone would not; how long it then may refuse, nobody knows. */
function mayBeOfStall(delay: HarnessDelay, run: Case, upstream: string, spell: Spell): boolean {
  if (isOfStall(delay, upstream, spell)) return true
  const attemptMs = attemptTimeout(run.plan, upstream)
  const amid = { fromMs: spell.fromMs - spell.slackMs - attemptMs, toMs: spell.fromMs + spell.slackMs }
  const isKnown = own(run.plan.gateway.upstreams, upstream)?.breaker !== undefined
  return (!isKnown || isFaultedAmid(run, upstream, amid)) && delay.stallMsAmid(amid) >= attemptMs
}

/** Whether the breaker may have left closed by a stall, in these phases or before, and may still have been recovering from it then. */
export function isOfStall({ openings }: HarnessDelay, upstream: string, { fromMs, toMs }: Pick<Spell, 'fromMs' | 'toMs'>): boolean {
  return openings.some((opening) => opening.upstream === upstream && fromMs >= opening.fromMs && toMs <= opening.toMs)
}

/** `withoutHarnessDelay` of a time that was measured from one event to another: only stalls between them made it longer. */
export function soonerWithoutDelay(measuredMs: Ms, withinMs: Ms, fromMs: Ms): NonNullable<RawFinding['withoutHarnessDelay']> {
  return ({ saturated, latestMs, stallMsAmid }) => {
    if (saturated) return 'inconclusive'
    return measuredMs - latestMs - stallMsAmid({ fromMs, toMs: fromMs + measuredMs }) <= withinMs ? 'pass' : 'fail'
  }
}

/**
 * How many of `n` requests a stall can have touched: those due while it lasted, and those on their way when it began, which is at
 * most `reachMs`. While there was no processor time left, all of them.
 */
function touched(n: number, { saturated, stalls, stalledMs, windowMs }: HarnessDelay, reachMs: Ms): number {
  if (saturated) return n
  return windowMs === 0 ? 0 : Math.ceil(n * Math.min(1, (stalledMs + stalls * reachMs) / windowMs))
}

/** A quantile's result had no stall, and no late sending, made any request slower. Each excuses only as many as it can have touched. */
export function quantileWithoutDelay(
  latencies: Latencies,
  limit: { quantile: number; belowMs: Ms },
  delay: HarnessDelay,
  late = 0,
): Result {
  const { quantile, belowMs } = limit
  if (delay.saturated) return 'inconclusive'
  const n = latencies.totalCount
  const slow = countFrom(latencies, belowMs)
  const slowAnyway = countFrom(latencies, belowMs + delay.stallMs + (late > 0 ? delay.latestMs : 0))
  const doubtful = Math.min(slow - slowAnyway, touched(n, delay, belowMs) + late)
  return rateResult(slow - doubtful, n, { good: 'below', limit: 1 - quantile })
}

/**
 * How many bad ends a delay alone can have made: timeouts, and refusals where the delay was long enough to open a breaker, or where
 * stalls may have opened it before. `refusedAs`: as what a marked refusal is bad.
 */
export function excused(
  cells: readonly RequestCell[],
  delay: HarnessDelay,
  run: Case,
  upstream: string | undefined,
  refusedAs: readonly Refusal[] = ['rejected'],
): number {
  const { plan } = run
  const concerned = upstream === undefined ? Object.keys(plan.upstreams) : [upstream]
  const refused = refusedAfterStalls(cells, delay, concerned, refusedAs)
  if (!delay.unhealthy) return refused
  const attemptMs = Math.max(...concerned.map((name) => own(plan.gateway.upstreams, name)?.timeout.attempt ?? plan.load.timeoutMs))
  const n = countIn(cells)
  const hurried = touched(n, delay, attemptMs)
  // Sent late, a request leaves less time until the load gives it up; the gateway's own timeouts begin when it is sent.
  const late = Math.ceil(n * delay.lateShare)
  const timeouts = Math.min(hurried, countIn(cells, ['timeout'])) + Math.min(hurried + late, countIn(cells, ['client_timeout']))
  if (!concerned.some((name) => couldOpen(delay, plan, name))) return timeouts + refused
  return timeouts + countIn(cells, refusedAs) + unmarkedRefusals(cells, run, concerned)
}

/** What breakers refused that stalls may have opened, for as long as they may refuse. An unmarked refusal is an error. */
export function refusedAfterStalls(
  cells: readonly RequestCell[],
  { openings }: HarnessDelay,
  upstreams: readonly string[],
  refusedAs: readonly Refusal[],
): number {
  const counted = new Set([...refusedAs, ...(refusedAs.includes('rejected') ? (['upstream_error'] as const) : [])])
  const ofThese = openings.filter(({ upstream }) => upstreams.includes(upstream))
  return [...counted].reduce((total, outcome) => {
    const refused = ofThese.reduce((sum, opening) => sum + opening.refused[outcome], 0)
    return total + Math.min(refused, countIn(cells, [outcome]))
  }, 0)
}

/** Errors beyond those that the upstreams gave, of a gateway that marks no refusal: nothing else tells what its open breaker refused. */
function unmarkedRefusals(cells: readonly RequestCell[], { evidence }: Case, upstreams: readonly string[]): number {
  if (countIn(evidence.requests, ['rejected']) > 0) return 0
  const phases = new Set(cells.map(({ phase }) => phase))
  const failed = evidence.answers
    .filter(({ upstream, phase }) => upstreams.includes(upstream) && phases.has(phase))
    .reduce((total, { ended, good }) => total + ended - good, 0)
  return Math.max(0, countIn(cells, ['upstream_error']) - failed)
}
