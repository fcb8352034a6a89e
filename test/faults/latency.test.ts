import { expect, it } from 'vitest'
import { drawFor } from '../../src/kernel/random.ts'
import { drawLatency, type Latency } from '../../src/faults/latency.ts'

const sample = (latency: Latency, count = 4000): number[] =>
  Array.from({ length: count }, (_, ordinal) => drawLatency(latency, (name) => drawFor(1, name, ordinal))).toSorted((a, b) => a - b)
const quantile = (sorted: number[], q: number): number => sorted[Math.floor(q * sorted.length)]!

it('is the same for every request when fixed', () => {
  expect(new Set(sample({ is: 'fixed', ms: 12 }, 10))).toEqual(new Set([12]))
})

it('fills its range evenly when uniform', () => {
  const spans = sample({ is: 'uniform', minMs: 100, maxMs: 300 })
  expect(spans[0]).toBeGreaterThanOrEqual(100)
  expect(spans.at(-1)).toBeLessThan(300)
  expect(quantile(spans, 0.25)).toBeCloseTo(150, -1)
  expect(quantile(spans, 0.75)).toBeCloseTo(250, -1)
})

it('has the median and the p95 of its log-normal distribution', () => {
  const spans = sample({ is: 'log_normal', medianMs: 100, sigma: 0.5 })
  expect(quantile(spans, 0.5) / 100).toBeCloseTo(1, 1)
  // p95 = median · e^(1.645 · sigma)
  expect(quantile(spans, 0.95) / (100 * Math.exp(1.645 * 0.5))).toBeCloseTo(1, 1)
})
