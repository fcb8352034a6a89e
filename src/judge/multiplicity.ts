// Many comparisons in one run: the more there are, the likelier one of them fails a good gateway by chance.
//
// Holm's method (Scandinavian Journal of Statistics 6, 1979, 65): of m comparisons the clearest must fail at a confidence of 1 − 5 %/m,
// the next at 1 − 5 %/(m − 1), and so on. Then a run fails a gateway that keeps its promises in at most one case of twenty.
import type { RawFinding } from '../criteria/finding/raw-finding.ts'
import { CONFIDENCE } from '../criteria/measure/statistics/sample-size.ts'
import { needsText, plural } from '../kernel/wording.ts'

type Comparison = NonNullable<RawFinding['failsAt']>[number]

/**
 * The findings, those of them undecided that fail at 95 % alone and not beside the others. A pass needs no such correction: a run passes
 * only when every criterion does, so one that is wrong about a broken promise is wrong about that promise, at 95 %. A failure that was
 * seen, not estimated, needs none either: it has no chance in it. What only warns
 * is none of those that decide.
 */
export function amongAll(findings: readonly { decides: boolean; finding: RawFinding }[]): RawFinding[] {
  const deciding = findings.flatMap(({ decides, finding }) => (decides ? [finding] : []))
  const comparisons = deciding.flatMap(({ failsAt = [] }) => failsAt)
  // What passes at 95 % fails at no higher confidence.
  const open = deciding.filter(({ result }) => result !== 'pass').flatMap(({ failsAt = [] }) => failsAt)
  const failing = failingTogether(open, comparisons.length)
  return findings.map(({ decides, finding: raw }) => {
    const { result, cause, failsAt = [] } = raw
    const isCertain = !decides || failsAt.length === 0 || cause === 'gateway_died' || cause === 'contradiction'
    if (result !== 'fail' || isCertain || failsAt.some((comparison) => failing.has(comparison))) return raw
    const needsMore = samplesToFail(raw.n, failsAt, comparisons.length)
    const why = `${raw.why}; this alone would fail, but beside ${plural(comparisons.length - 1, 'other comparison')} it may be chance${needsText(needsMore)}`
    return { ...raw, result: 'inconclusive', cause: 'too_few_samples', why, needsMore }
  })
}

/** Those that fail by Holm's method, of `among` in all: each tells whether it fails with bounds of a confidence (0–1). */
export function failingTogether(comparisons: readonly Comparison[], among = comparisons.length): ReadonlySet<Comparison> {
  const failing = new Set<Comparison>()
  for (;;) {
    const confidence = confidenceAmong(among - failing.size)
    const next = comparisons.filter((comparison) => !failing.has(comparison) && comparison(confidence))
    if (next.length === 0) return failing
    for (const comparison of next) failing.add(comparison)
  }
}

const confidenceAmong = (comparisons: number): number => 1 - (1 - CONFIDENCE) / Math.max(1, comparisons)

/** About how many more samples would make it fail beside the others, if they are as the seen ones: the chance shrinks by a power of n. */
function samplesToFail(n: number, failsAt: readonly Comparison[], comparisons: number): number {
  const [clear, alone] = [Math.log(1 - confidenceAmong(comparisons)), Math.log(1 - CONFIDENCE)]
  const fails = (chance: number): boolean => failsAt.some((comparison) => comparison(1 - Math.exp(chance)))
  let [undecided, failing] = [clear, alone]
  for (let step = 0; step < STEPS; step++) {
    const middle = (undecided + failing) / 2
    if (fails(middle)) failing = middle
    else undecided = middle
  }
  return Math.max(1, Math.ceil(n * (clear / failing - 1)))
}

// Halvings: the number of samples is told to about two digits.
const STEPS = 10
