// The phases table's figures, for the page and the terminal alike.
import { arrivalsIn, requestsIn } from '../criteria/measure/scope.ts'
import type { Evidence } from '../evidence/evidence.ts'
import { spanAtQuantile } from '../evidence/latency-histogram.ts'
import { mergeLatencies } from '../evidence/merge-latencies.ts'
import { errorOutcomes, type Outcome } from '../contract/outcome.ts'
import type { Ms } from '../kernel/clock.ts'
import { count, fixed } from '../kernel/wording.ts'
import { NOTHING } from './format.ts'

export interface PhaseFigures {
  requests: number
  /** Of requests that ended ok, from due; null when there was none. */
  p50: Ms | null
  p95: Ms | null
  p99: Ms | null
  /** Shares of all requests; null when there was none. */
  errors: number | null
  fallbacks: number | null
  /** Arrivals at upstreams over requests. */
  attempts: number | null
}

/** Figures over these phases, and one upstream if given. A retry counts in the phase of its request. */
export function phaseFigures(evidence: Evidence, phases: readonly string[], upstream?: string): PhaseFigures {
  const cells = requestsIn(evidence, { upstream, phases })
  const counted = (outcomes?: readonly Outcome[]): number =>
    cells.reduce((sum, cell) => sum + (outcomes === undefined || outcomes.includes(cell.outcome) ? cell.count : 0), 0)
  const requests = counted()
  const arrivals = arrivalsIn(evidence, { upstream, phases }).reduce((sum, cell) => sum + cell.count, 0)
  const ok = mergeLatencies(cells.filter((cell) => cell.outcome === 'ok').map((cell) => cell.latency))
  const share = (part: number): number | null => (requests === 0 ? null : part / requests)
  return {
    requests,
    p50: spanAtQuantile(ok, 0.5),
    p95: spanAtQuantile(ok, 0.95),
    p99: spanAtQuantile(ok, 0.99),
    errors: share(counted(errorOutcomes)),
    fallbacks: share(counted(['fallback'])),
    attempts: share(arrivals),
  }
}

/** In words, in the order of the interface: latencies in ms, shares in percent. */
export function phaseCells({ requests, p50, p95, p99, errors, fallbacks, attempts }: PhaseFigures): string[] {
  const number = (value: number | null, scale: number, decimals: number): string =>
    value === null ? NOTHING : fixed(value * scale, decimals)
  const latencies = [p50, p95, p99].map((value) => number(value, 1, 0))
  return [count(requests), ...latencies, number(errors, 100, 2), number(fallbacks, 100, 1), number(attempts, 1, 2)]
}
