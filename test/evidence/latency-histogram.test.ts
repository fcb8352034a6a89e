import fc from 'fast-check'
import { expect, it } from 'vitest'
import {
  LatencyRecorder,
  LatencyTable,
  countFrom,
  latenciesOf as of,
  noLatencies,
  spanAtQuantile,
  spanAtRank,
} from '../../src/evidence/latency-histogram.ts'
import { propertyRuns } from '../property-runs.ts'

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
    { seed: 21, numRuns: propertyRuns(0.1) },
  )
})

it('takes the smallest sample that enough others do not exceed as a quantile', () => {
  const hundred = of(Array.from({ length: 100 }, (_, at) => at + 1))
  expect(spanAtQuantile(hundred, 0.95)).toSatisfy((span: number) => isPrecise(span, 95))
  expect(spanAtQuantile(hundred, 0.951)).toSatisfy((span: number) => isPrecise(span, 96))
  expect(spanAtQuantile(hundred, 1)).toSatisfy((span: number) => isPrecise(span, 100))
  expect(spanAtQuantile(hundred, 0)).toSatisfy((span: number) => isPrecise(span, 1))
  expect(spanAtQuantile(noLatencies, 0.95)).toBeNull()
})

it('counts the samples from a limit on', () => {
  const hundred = of(Array.from({ length: 100 }, (_, at) => at + 1))
  expect([0, 1, 50.5, 100, 101].map((limit) => countFrom(hundred, limit))).toEqual([100, 100, 50, 1, 0])
  expect(countFrom(noLatencies, 10)).toBe(0)
})

it('counts a negative span as none', () => {
  expect(spanAtRank(of([-3]), 1)).toBe(0)
})

it('is plain data', () => {
  const latencies = of([0, 0.5, 3, 3, 250, 90_000, 4e6], 2)
  expect(latencies.totalCount).toBe(7)
  expect(JSON.parse(JSON.stringify(structuredClone(latencies)))).toEqual(latencies)
  expect(spanAtQuantile(latencies, 1)).toBeGreaterThanOrEqual(4e6)
})

it('counts on after it was asked for a result', () => {
  const recorder = new LatencyRecorder()
  for (const span of [3, 1]) recorder.record(span)
  expect(recorder.result().totalCount).toBe(2)
  for (const span of [2, 1]) recorder.record(span)
  expect(recorder.result()).toEqual(of([1, 1, 2, 3]))
})

it.each([2, 3] as const)('keeps of each place what a recorder of its own would, to %i digits', (digits) => {
  const table = new LatencyTable(digits)
  for (const [place, span] of [
    [3, 250],
    [1, 5],
    [3, 0],
    [3, 4e6],
    [1, 5],
  ] as const)
    table.record(place, span)
  expect(table.result()).toEqual([null, of([5, 5], digits), null, of([250, 0, 4e6], digits)])
})
