// fastFail('gemini').during('outage').below('50ms')
import type { Duration } from '../../kernel/duration.ts'
import { type UpstreamRef, type WrittenCriterion, during, nameOf, span, written } from './written.ts'

export interface FastFailCriterion {
  during(...phases: string[]): FastFailCriterion
  /** Which quantile (0–1) of the refusals is held to the limit; without this: 0.95. */
  at(quantile: number): FastFailCriterion
  /** Latency of what did not reach the upstream while its breaker was open. */
  below(limit: Duration): WrittenCriterion
}

export function fastFail(of: UpstreamRef, phases: readonly string[] = [], quantile = 0.95): FastFailCriterion {
  return {
    during: (...names) => fastFail(of, names, quantile),
    at: (other) => fastFail(of, phases, other),
    below: (limit) => written({ kind: 'fast_fail', upstream: nameOf(of), ...during(phases), quantile, belowMs: span(limit) }),
  }
}
