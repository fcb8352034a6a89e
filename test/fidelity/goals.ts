// How near the simulation must come to a live run, by what a criterion measures: shares to a percentage point, latency to 10 % or 5 ms,
// transitions to 250 ms. What counts single requests or transitions has no goal but the same result.
import type { Finding } from '../../src/judge/verdict.ts'

const moments: ReadonlySet<string> = new Set(['opens_within', 'closes_within', 'recovers_after', 'restored_within'])

/** By how much `simulated` may differ from `live`; undefined without a goal. */
export function toleranceOf({ criterion, unit }: Pick<Finding, 'criterion' | 'unit'>, live: number): number | undefined {
  if (unit === 'ratio') return 0.01
  if (unit !== 'ms') return undefined
  return moments.has(criterion.kind) ? 250 : Math.max(5, 0.1 * Math.abs(live))
}

export interface Compared {
  /** Medians; null where a stage measured nothing. */
  live: number | null
  simulated: number | null
  /** Beyond the goal; `within spread`: but no farther than the live runs are from each other. */
  is: 'near' | 'beyond' | 'within spread' | 'no goal'
  /** Most of the live runs say pass and the simulation fail, or the other way round. */
  contradicts: boolean
}

/** One criterion on both stages. */
export function compare(live: readonly Finding[], simulated: readonly Finding[]): Compared {
  const seen = measuresOf(live)
  const [ofLive, ofSimulated] = [medianOf(seen), medianOf(measuresOf(simulated))]
  const compared = { live: ofLive, simulated: ofSimulated, contradicts: contradicts(live, simulated) }
  const [first] = live
  const tolerance = first && ofLive !== null ? toleranceOf(first, ofLive) : undefined
  if (tolerance === undefined || ofLive === null || ofSimulated === null) return { ...compared, is: 'no goal' }
  if (Math.abs(ofSimulated - ofLive) <= tolerance) return { ...compared, is: 'near' }
  const isWithin = ofSimulated >= Math.min(...seen) && ofSimulated <= Math.max(...seen)
  return { ...compared, is: isWithin ? 'within spread' : 'beyond' }
}

const measuresOf = (findings: readonly Finding[]): number[] => findings.flatMap(({ measured }) => measured ?? [])

function medianOf(values: readonly number[]): number | null {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? null
}

function contradicts(live: readonly Finding[], simulated: readonly Finding[]): boolean {
  const most = (findings: readonly Finding[], result: Finding['result']): boolean =>
    findings.filter((each) => each.result === result).length * 2 > findings.length
  return (most(live, 'pass') && most(simulated, 'fail')) || (most(live, 'fail') && most(simulated, 'pass'))
}
