// What went wrong for clients, by kind and route: the rows of the errors table, and their samples.
import type { Evidence } from '../evidence/evidence.ts'
import type { SampledTrace } from '../evidence/fold/trace-sample.ts'
import type { FailureCell } from '../evidence/tallies/failures.ts'
import type { Outcome } from '../contract/outcome.ts'
import { isJudged } from '../plan/judged.ts'
import type { Plan } from '../plan/plan.ts'

/** Failures of one kind of one route, over all judged phases. */
export interface FailureRow {
  /** The anchor of its samples; absent where there are none. */
  anchor?: string
  outcome: Outcome
  status: number
  error: string
  route: string
  count: number
  /** Requests of the route that were due in the judged phases. */
  asked: number
  /** Where it happened, in the plan's order. */
  phases: { phase: string; count: number; asked: number }[]
  firstMs: number
  lastMs: number
  samples: SampledTrace[]
}

/** Kinds with samples on the page: each takes about a kilobyte a sample. */
const SAMPLED = 10

/** Errors first, the most frequent first; then fallbacks. Warm-up, saturation and the probes of claims are left out. */
export function failureRows(plan: Plan, evidence: Evidence): FailureRow[] {
  const phases = judgedPhases(plan)
  const routes = new Set(plan.load.mix.filter(({ probe }) => probe === undefined).map(({ route }) => route))
  const asked = (route: string, phase?: string): number =>
    evidence.requests
      .filter((cell) => cell.route === route && (phase === undefined ? phases.includes(cell.phase) : cell.phase === phase))
      .reduce((sum, { count }) => sum + count, 0)
  const byKind = new Map<string, FailureCell[]>()
  for (const cell of evidence.failures) {
    if (!phases.includes(cell.phase) || !routes.has(cell.route)) continue
    const key = JSON.stringify([cell.route, cell.outcome, cell.status, cell.error])
    byKind.set(key, [...(byKind.get(key) ?? []), cell])
  }
  const rows = [...byKind.values()].map((cells): FailureRow => {
    const { route, outcome, status, error } = cells[0]!
    return {
      route,
      outcome,
      status,
      error,
      count: cells.reduce((sum, { count }) => sum + count, 0),
      asked: asked(route),
      phases: cells
        .toSorted((a, b) => phases.indexOf(a.phase) - phases.indexOf(b.phase))
        .map(({ phase, count }) => ({ phase, count, asked: asked(route, phase) })),
      firstMs: Math.min(...cells.map(({ firstMs }) => firstMs)),
      lastMs: Math.max(...cells.map(({ lastMs }) => lastMs)),
      samples: evidence.sample.filter((trace) => phases.includes(trace.phase) && isOf(trace, cells[0]!)).slice(0, 2),
    }
  })
  return rows
    .toSorted((a, b) => Number(a.outcome === 'fallback') - Number(b.outcome === 'fallback') || b.count - a.count || byName(a, b))
    .map((row, at) => (at < SAMPLED && row.samples.length > 0 ? Object.assign(row, { anchor: `E${at + 1}` }) : row))
}

/** Names of the phases that a headline speaks of. */
export const judgedPhases = ({ phases }: Plan): string[] => phases.filter(isJudged).map(({ name }) => name)

const isOf = (trace: SampledTrace, { route, outcome, status, error }: FailureCell): boolean =>
  trace.why === outcome && trace.route === route && trace.status === status && (trace.error ?? '').startsWith(error)

const byName = (a: FailureRow, b: FailureRow): number => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1)
