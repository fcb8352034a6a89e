// What traffic told of breakers, as the verdict says it.
import { partlyText } from '../criteria/measure/breaker/partial-opening.ts'
import type { Case } from '../criteria/finding/raw-finding.ts'
import type { InferredBreaker } from './verdict.ts'

/** One for each upstream of which the gateway did not tell, or was open for a part of the requests. */
export function inferredOf({ inferred, partly, evidence }: Case): InferredBreaker[] {
  const whys = new Map(inferred)
  for (const upstream of partly?.keys() ?? []) if (!whys.has(upstream)) whys.set(upstream, PARTLY)
  return [...whys].map(([upstream, why]) => ({
    upstream,
    why,
    transitions: evidence.transitions.flatMap(({ upstream: of, from, to, between }) =>
      of === upstream && between ? [{ from, to, betweenMs: [rounded(between[0]), rounded(between[1])] as const }] : [],
    ),
    partly: (partly?.get(upstream) ?? []).map((opening) => {
      const [least, measured, most] = opening.share
      const { fromMs, toMs } = opening
      return { fromMs, toMs, share: [rounded(least), rounded(measured), rounded(most)] as const, words: partlyText(opening) }
    }),
  }))
}

const PARTLY = 'a part of the requests was refused, and another part passed'

/** Six digits after the point, free of floating-point noise. */
const rounded = (value: number): number => Math.round(value * 1e6) / 1e6
