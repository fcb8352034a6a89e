// Figures of two runs by phase and upstream: latency of good answers, errors, fallbacks, attempts for each request. A figure got worse
// when even the bounds of both runs leave more than the tolerance between them, and when that holds beside all other figures (Holm).
// The tolerance is what two runs of one gateway on one machine differ by, beyond the chance of their samples.
import { errorOutcomes, type Outcome } from '../../contract/outcome.ts'
import { type Latencies, spanAtQuantile } from '../../evidence/latency-histogram.ts'
import { attemptsIn, countIn, latenciesIn, requestsIn } from '../../criteria/measure/scope.ts'
import { type Hits, quantileDifference, rateDifference } from '../../criteria/measure/statistics/difference.ts'
import { meanInterval, meanOf } from '../../criteria/measure/statistics/mean-of-counts.ts'
import { withUnknown } from '../../criteria/measure/statistics/quantile.ts'
import { samplesFor } from '../../criteria/measure/statistics/sample-size.ts'
import { failingTogether } from '../../judge/multiplicity.ts'
import type { JudgedRun } from '../judged-run.ts'
import type { Change } from './change.ts'
import { type Bending, isDoubtful } from './doubt.ts'

/** p50 and p95 may rise by a quarter and 10 ms, shares by a hundredth, attempts for each request by a tenth. */
const tolerances = { ratio: 1.25, slackMs: 10, share: 0.01, attempts: 0.1 } as const

export interface FigureChange {
  phase: string
  /** Null: of all requests. */
  upstream: string | null
  figure: keyof typeof figureTypes
  /** `ms`, `ratio`, `per_call` */
  unit: string
  /** Null where there was nothing to measure. */
  before: number | null
  now: number | null
  change: Change
}

/** What requests of one phase for one upstream did. */
interface Stretch {
  ok: Latencies
  errors: Hits
  fallbacks: Hits
  /** `byAttempts[k]`: requests that were tried k times. */
  byAttempts: number[]
}

interface FigureType {
  unit: string
  /** What bends it: delays of the harness, or failures that nobody saw. */
  bentBy: Bending
  valueOf: (stretch: Stretch) => number | null
  /** Samples. */
  sizeOf: (stretch: Stretch) => number
  /** Of fewer samples no bound can be told. */
  needs: number
  /** Whether `high` is surely above `low` by more than the tolerance, with bounds of a confidence. */
  isAbove: (high: Stretch, low: Stretch, confidence: number) => boolean
}

const quantileFigure = (quantile: number): FigureType => ({
  unit: 'ms',
  bentBy: 'slower',
  valueOf: ({ ok }) => spanAtQuantile(ok, quantile),
  sizeOf: ({ ok }) => ok.totalCount,
  needs: samplesFor(Math.max(quantile, 1 - quantile)),
  isAbove(high, low, confidence) {
    const [surely] = quantileDifference(high.ok, low.ok, { quantile, ratio: tolerances.ratio, confidence })
    return surely !== null && surely > tolerances.slackMs
  },
})

const shareFigure = (hitsOf: (stretch: Stretch) => Hits): FigureType => ({
  unit: 'ratio',
  bentBy: 'blind',
  valueOf: (stretch) => (hitsOf(stretch).n === 0 ? null : hitsOf(stretch).hits / hitsOf(stretch).n),
  sizeOf: (stretch) => hitsOf(stretch).n,
  needs: 1,
  isAbove: (high, low, confidence) => rateDifference(hitsOf(high), hitsOf(low), confidence)[0] > tolerances.share,
})

const figureTypes = {
  p50: quantileFigure(0.5),
  p95: quantileFigure(0.95),
  errors: shareFigure(({ errors }) => errors),
  fallbacks: shareFigure(({ fallbacks }) => fallbacks),
  attempts: {
    unit: 'per_call',
    bentBy: 'blind',
    valueOf: ({ byAttempts }) => meanOf(byAttempts).sum / meanOf(byAttempts).n || null,
    sizeOf: ({ byAttempts }) => meanOf(byAttempts).n,
    needs: 1,
    isAbove: (high, low, confidence) =>
      meanInterval(high.byAttempts, confidence)[0] - meanInterval(low.byAttempts, confidence)[1] > tolerances.attempts,
  },
} satisfies Record<string, FigureType>

// With more upstreams than this, figures are of all requests together, as in the report's table of phases.
const UPSTREAMS = 4

/** Of judged phases, in the plan's order. */
export function figureChanges(before: JudgedRun, now: JudgedRun): FigureChange[] {
  const { plan } = now.record
  const names = Object.keys(plan.upstreams)
  const upstreams = names.length > 0 && names.length <= UPSTREAMS ? names : [null]
  const pairs = plan.phases
    .filter(({ warmUp, saturation }) => !warmUp && !saturation)
    .flatMap(({ name: phase }) =>
      upstreams.flatMap((upstream) => {
        const [was, is] = [stretchOf(before, phase, upstream), stretchOf(now, phase, upstream)]
        // The names of a table in this file.
        const figures = Object.keys(figureTypes) as (keyof typeof figureTypes)[]
        return figures.flatMap((figure) => {
          const type: FigureType = figureTypes[figure]
          const enough = type.sizeOf(was) >= type.needs && type.sizeOf(is) >= type.needs
          if (type.sizeOf(was) === 0 && type.sizeOf(is) === 0) return []
          return [
            { phase, upstream, figure, type, was, is, enough, rises: above(type, is, was, enough), falls: above(type, was, is, enough) },
          ]
        })
      }),
    )
  const [risen, fallen] = [failingTogether(pairs.map(({ rises }) => rises)), failingTogether(pairs.map(({ falls }) => falls))]
  return pairs.map(({ phase, upstream, figure, type, was, is, enough, rises, falls }) => {
    const seen = risen.has(rises) ? 'worse' : fallen.has(falls) ? 'better' : enough ? 'within_noise' : 'too_few'
    const change = isDoubtful(seen, type.bentBy, before.verdict, now.verdict) ? 'untold' : seen
    return { phase, upstream, figure, unit: type.unit, before: type.valueOf(was), now: type.valueOf(is), change }
  })
}

const above =
  (type: FigureType, high: Stretch, low: Stretch, enough: boolean) =>
  (confidence: number): boolean =>
    enough && type.isAbove(high, low, confidence)

function stretchOf({ evidence, record }: JudgedRun, phase: string, upstream: string | null): Stretch {
  const probes = new Set(record.plan.load.mix.filter(({ probe }) => probe !== undefined).map(({ route }) => route))
  const scope = { upstream: upstream ?? undefined, phases: [phase] }
  const cells = requestsIn(evidence, scope).filter(({ route }) => !probes.has(route))
  const n = countIn(cells)
  const of = (outcomes: readonly Outcome[]): Hits => ({ hits: countIn(cells, outcomes), n })
  const byAttempts: number[] = []
  for (const { route, byAttempts: few, byHeads } of attemptsIn(evidence, scope))
    if (!probes.has(route))
      for (const [attempts, requests] of (byHeads.length > 0 ? byHeads : few).entries())
        byAttempts[attempts] = (byAttempts[attempts] ?? 0) + requests
  return {
    ok: latenciesIn(cells, withUnknown(['ok'], cells), 'latency'),
    errors: of(errorOutcomes),
    fallbacks: of(['fallback']),
    byAttempts,
  }
}
