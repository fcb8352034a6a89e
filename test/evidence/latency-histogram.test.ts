import fc from 'fast-check'
import { expect, it } from 'vitest'
import { countFrom, emptyLatencies, mergeLatencies, record, spanAtQuantile, spanAtRank } from '../../src/evidence/latency-histogram.ts'

const of = (spans: readonly number[]) => {
  const latencies = emptyLatencies()
  for (const span of spans) record(latencies, span)
  return latencies
}
const spans = fc.array(fc.double({ min: 0.001, max: 60_000, noNaN: true }), { minLength: 1, maxLength: 300 })
/** Whether a span was given back within 0.1 %, and never as a faster one. */
const isPrecise = (measured: number, exact: number): boolean => measured >= exact - 0.001 && measured <= exact * 1.001 + 0.001

it('gives every order statistic within 0.1 % above the sample', () => {
  fc.assert(
    fc.property(spans, (values) => {
      const sorted = values.toSorted((a, b) => a - b)
      const latencies = of(values)
      expect(sorted.filter((exact, at) => !isPrecise(spanAtRank(latencies, at + 1), exact))).toEqual([])
    }),
    { seed: 21, numRuns: 100 },
  )
})

it('takes the smallest sample that enough others do not exceed as a quantile', () => {
  const hundred = of(Array.from({ length: 100 }, (_, at) => at + 1))
  expect(spanAtQuantile(hundred, 0.95)).toSatisfy((span: number) => isPrecise(span, 95))
  expect(spanAtQuantile(hundred, 0.951)).toSatisfy((span: number) => isPrecise(span, 96))
  expect(spanAtQuantile(hundred, 1)).toSatisfy((span: number) => isPrecise(span, 100))
  expect(spanAtQuantile(hundred, 0)).toSatisfy((span: number) => isPrecise(span, 1))
  expect(spanAtQuantile(emptyLatencies(), 0.95)).toBeNull()
})

it('counts the samples from a limit on', () => {
  const hundred = of(Array.from({ length: 100 }, (_, at) => at + 1))
  expect([0, 1, 50.5, 100, 101].map((limit) => countFrom(hundred, limit))).toEqual([100, 100, 50, 1, 0])
  expect(countFrom(emptyLatencies(), 10)).toBe(0)
})

it('merges into what recording everything in one place would have given', () => {
  fc.assert(
    fc.property(spans, spans, (a, b) => {
      const merged = mergeLatencies([of(a), emptyLatencies(), of(b)])
      const together = of([...a, ...b])
      expect(merged.totalCount).toBe(together.totalCount)
      for (const quantile of [0.05, 0.5, 0.95, 1]) expect(spanAtQuantile(merged, quantile)).toBe(spanAtQuantile(together, quantile))
    }),
    { seed: 22, numRuns: 50 },
  )
})

it('counts a negative span as none', () => {
  expect(spanAtRank(of([-3]), 1)).toBe(0)
})
