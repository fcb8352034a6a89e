import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type Latencies, latenciesOf as of, noLatencies, spanAtRank } from '../../src/evidence/latency-histogram.ts'
import { mergeLatencies } from '../../src/evidence/merge-latencies.ts'
import { propertyRuns } from '../property-runs.ts'

// Up to hours, to the microsecond, and often the same: bins that are exact, wide, of floating point, and met again.
const span = fc.oneof(fc.constantFrom(0, 0.1, 0.3, 1, 250), fc.double({ min: 0.001, max: 60_000, noNaN: true }), fc.integer({ max: 4e7 }))
const part = fc.tuple(fc.array(span, { maxLength: 30 }), fc.constantFrom(2 as const, 3 as const))
/** Few, and more than are merged two at a time. */
const parts = fc.array(part, { maxLength: 20 })

/** By its definition: each bin of some part, with all that they count there. */
function defined(merged: readonly Latencies[]): Latencies {
  const bins = new Map<string, [low: number, high: number, count: number]>()
  for (const { bins: all } of merged)
    for (let at = 0; at < all.length; at += 3) {
      const [low, high, count] = all.slice(at, at + 3) as [number, number, number]
      const before = bins.get(`${low} ${high}`)?.[2] ?? 0
      bins.set(`${low} ${high}`, [low, high, before + count])
    }
  const ordered = [...bins.values()].toSorted((a, b) => a[1] - b[1] || a[0] - b[0])
  return { totalCount: merged.reduce((total, { totalCount }) => total + totalCount, 0), bins: ordered.flat() }
}

it('merges few and many parts, of one precision and of both', () => {
  fc.assert(
    fc.property(parts, (written) => {
      const merged = written.map(([spans, digits]) => of(spans, digits))
      expect(mergeLatencies(merged)).toEqual(defined(merged))
    }),
    { seed: 22, numRuns: propertyRuns(0.1) },
  )
})

it('merges into what recording everything in one place would have given', () => {
  const spans = Array.from({ length: 500 }, (_, at) => (at * 7919) % 1000)
  const buckets = Array.from({ length: 25 }, (_, at) => of(spans.slice(20 * at, 20 * at + 20), 2))
  expect(mergeLatencies(buckets)).toEqual(of(spans, 2))
  expect(mergeLatencies(buckets.slice(0, 3))).toEqual(of(spans.slice(0, 60), 2))
})

it('keeps the bins of both where histograms of two precisions are merged', () => {
  const [fine, coarse] = [of([100.3]), of([100.9], 2)]
  const merged = mergeLatencies([coarse, fine])
  expect([spanAtRank(merged, 1), spanAtRank(merged, 2)]).toEqual([spanAtRank(fine, 1), spanAtRank(coarse, 1)])
})

it.each([1, 10])('tells a wide bin from the last fine one inside it, of %i parts each', (count) => {
  const [fine, wide] = [of([101.35]), of([100.9], 2)]
  expect(fine.bins[1]).toBe(wide.bins[1])
  const all = [fine, wide].flatMap((each) => Array.from({ length: count }, () => each))
  expect(mergeLatencies(all)).toEqual(defined(all))
})

it('is nothing where nothing is merged', () => {
  expect(mergeLatencies([])).toEqual(noLatencies)
  expect(mergeLatencies([noLatencies, noLatencies])).toEqual(noLatencies)
})
