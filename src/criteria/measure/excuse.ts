// What the delay of a slow harness may have made: openings of a breaker, and errors.
import type { Outcome } from '../../contract/outcome.ts'
import type { Plan } from '../../plan/plan.ts'
import type { HarnessDelay, RawFinding } from '../raw-finding.ts'
import { own } from '../../kernel/own.ts'

/** A delay opens a breaker only by letting attempts time out. */
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

/** Errors that a delay alone can have made: timeouts, and rejections where the delay was long enough to open a breaker. */
export function excusable(delay: HarnessDelay, plan: Plan, upstream: string | undefined): readonly Outcome[] {
  if (!delay.unhealthy) return []
  const concerned = upstream === undefined ? Object.keys(plan.upstreams) : [upstream]
  const opened = concerned.some((name) => couldOpen(delay, plan, name))
  return opened ? ['timeout', 'client_timeout', 'rejected'] : ['timeout', 'client_timeout']
}
