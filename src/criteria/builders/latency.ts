// p95().of('gemini').during('steady').below('300ms')
import type { Outcome } from '../../contract/outcome.ts'
import type { Duration } from '../../kernel/duration.ts'
import type { Scope } from '../criterion.ts'
import { type UpstreamRef, type WrittenCriterion, during, nameOf, span, written } from './written.ts'

export interface LatencyCriterion {
  /** Only requests to this upstream. */
  of(upstream: UpstreamRef): LatencyCriterion
  /** Only requests due in these phases. */
  during(...phases: string[]): LatencyCriterion
  /** Which outcomes are timed; without this: ok alone, so that quick rejections do not flatter it. */
  counting(...outcomes: Outcome[]): LatencyCriterion
  /** Latency counts from the time a request was due. */
  below(limit: Duration): WrittenCriterion
}

export const p50 = (): LatencyCriterion => latency(0.5)
export const p95 = (): LatencyCriterion => latency(0.95)
export const p99 = (): LatencyCriterion => latency(0.99)

function latency(quantile: number, scope: Scope = {}, outcomes: Outcome[] = ['ok']): LatencyCriterion {
  return {
    of: (upstream) => latency(quantile, { ...scope, upstream: nameOf(upstream) }, outcomes),
    during: (...phases) => latency(quantile, { ...scope, ...during(phases) }, outcomes),
    counting: (...counted) => latency(quantile, scope, counted),
    below: (limit) => written({ kind: 'latency', quantile, outcomes, belowMs: span(limit), ...scope }),
  }
}
