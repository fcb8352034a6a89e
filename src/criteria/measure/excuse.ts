// What the delay of a slow harness may have made: openings of a breaker, and errors.
import type { RequestCell } from '../../evidence/fold/requests.ts'
import { type Latencies, countFrom } from '../../evidence/latency-histogram.ts'
import type { Ms } from '../../kernel/clock.ts'
import { own } from '../../kernel/own.ts'
import type { Plan } from '../../plan/plan.ts'
import type { Case, HarnessDelay, RawFinding, Result } from '../finding/raw-finding.ts'
import { rateResult } from './statistics/rate.ts'
import { countIn } from './scope.ts'

/** A delay opens a breaker only by letting attempts time out: it must have lasted as long. */
function couldOpen({ saturated, stallMs }: HarnessDelay, plan: Plan, upstream: string): boolean {
  const attemptMs = own(plan.gateway.upstreams, upstream)?.timeout.attempt ?? Number.POSITIVE_INFINITY
  return saturated || stallMs >= attemptMs
}

/** `withoutHarnessDelay` of a failure that consists of a breaker having opened. */
export function openedWithoutDelay(plan: Plan, upstream: string): NonNullable<RawFinding['withoutHarnessDelay']> {
  return (delay) => (couldOpen(delay, plan, upstream) ? 'inconclusive' : 'fail')
}

/** `withoutHarnessDelay` of a time that was measured from one event to another. */
export function soonerWithoutDelay(measuredMs: number, withinMs: number): NonNullable<RawFinding['withoutHarnessDelay']> {
  return ({ saturated, latestMs, stallMs }) => (saturated ? 'inconclusive' : measuredMs - latestMs - stallMs <= withinMs ? 'pass' : 'fail')
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

/** How many errors a delay alone can have made: timeouts, and rejections where the delay was long enough to open a breaker. */
export function excused(cells: readonly RequestCell[], delay: HarnessDelay, run: Case, upstream: string | undefined): number {
  const { plan } = run
  if (!delay.unhealthy) return 0
  const concerned = upstream === undefined ? Object.keys(plan.upstreams) : [upstream]
  const attemptMs = Math.max(...concerned.map((name) => own(plan.gateway.upstreams, name)?.timeout.attempt ?? plan.load.timeoutMs))
  const n = countIn(cells)
  const hurried = touched(n, delay, attemptMs)
  // Sent late, a request leaves less time until the load gives it up; the gateway's own timeouts begin when it is sent.
  const late = Math.ceil(n * delay.lateShare)
  const timeouts = Math.min(hurried, countIn(cells, ['timeout'])) + Math.min(hurried + late, countIn(cells, ['client_timeout']))
  if (!concerned.some((name) => couldOpen(delay, plan, name))) return timeouts
  return timeouts + countIn(cells, ['rejected']) + unmarkedRefusals(cells, run, concerned)
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
