import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { latenciesOf, noLatencies } from '../../../../src/evidence/latency-histogram.ts'
import {
  binomialCdf,
  quantileInterval,
  quantileRanks,
  rateInterval,
  samplesToDecide,
} from '../../../../src/criteria/measure/statistics/statistics.ts'
import { seededRandom } from '../../../../src/kernel/random.ts'
import { samplesFor } from '../../../../src/criteria/measure/statistics/sample-size.ts'
import { propertyRuns } from '../../../property-runs.ts'

describe('quantile bounds', () => {
  it('exist from the sample sizes that the literature gives', () => {
    for (const [quantile, n] of [
      [0.5, 5],
      [0.95, 59],
      [0.99, 299],
      [0.999, 2995],
    ] as const) {
      expect(quantileRanks(n, quantile)[1]).toBe(n)
      expect(quantileRanks(n - 1, quantile)[1]).toBeNull()
      expect(samplesFor(quantile)).toBe(n)
    }
  })

  it('agree with tables: a tenth of 35 samples, the median of 100', () => {
    // Conover, Practical Nonparametric Statistics (3rd ed.), table A3: binomial (100, 0.5) has its 5 % point at 42 and its 95 % point at 58.
    expect(quantileRanks(100, 0.5)).toEqual([42, 59])
    expect(quantileRanks(35, 0.1)[0]).toBe(1)
  })

  // SciPy 1.17.1: binom.cdf of the ranks around binom.ppf(0.05) and binom.ppf(0.95).
  it.each([
    [10, 0.5, 2, 9],
    [59, 0.95, 53, 59],
    [200, 0.95, 185, 196],
    [299, 0.99, 293, 299],
    [1000, 0.95, 938, 962],
    [4000, 0.99, 3949, 3971],
    [20_000, 0.999, 19_972, 19_988],
    [100_000, 0.95, 94_886, 95_114],
  ])('agree with an independent implementation: of %d samples, the quantile %d', (n, quantile, lower, upper) => {
    expect(quantileRanks(n, quantile)).toEqual([lower, upper])
  })

  it('do not exist for nothing', () => {
    expect(quantileRanks(0, 0.95)).toEqual([null, null])
    expect(quantileInterval(noLatencies, 0.95)).toEqual([null, null])
  })

  it('enclose the empirical quantile, and close in as samples are added', () => {
    fc.assert(
      fc.property(fc.integer({ min: 60, max: 50_000 }), fc.double({ min: 0.02, max: 0.98, noNaN: true }), (n, quantile) => {
        const [lower, upper] = quantileRanks(n, quantile)
        const rank = Math.ceil(n * quantile)
        expect(lower ?? 1).toBeLessThanOrEqual(rank)
        expect(upper ?? n).toBeGreaterThanOrEqual(rank)
        const [fourLower, fourUpper] = quantileRanks(n * 4, quantile)
        expect(((fourUpper ?? 4 * n) - (fourLower ?? 0)) / (4 * n)).toBeLessThanOrEqual(((upper ?? n) - (lower ?? 0)) / n)
      }),
      { seed: 11, numRuns: propertyRuns(0.2) },
    )
  })

  it('are each wrong in at most one run of twenty', () => {
    const random = seededRandom(3)
    const truth = -100 * Math.log(0.05)
    let tooLow = 0
    let tooHigh = 0
    const runs = 1000
    for (let run = 0; run < runs; run++) {
      const latencies = latenciesOf(Array.from({ length: 200 }, () => random.exponential(100)))
      const [lower, upper] = quantileInterval(latencies, 0.95)
      if (upper! < truth) tooLow++
      if (lower! > truth) tooHigh++
    }
    // Five percent, and three standard errors of a simulation of this size.
    const allowed = runs * 0.05 + 3 * Math.sqrt(runs * 0.05 * 0.95)
    expect(tooLow).toBeLessThan(allowed)
    expect(tooHigh).toBeLessThan(allowed)
    expect(tooLow + tooHigh).toBeGreaterThan(0)
  })
})

describe('rate bounds', () => {
  it('agree with the closed forms and with published values', () => {
    expect(rateInterval(0, 2995)[1]).toBeCloseTo(1 - 0.05 ** (1 / 2995), 9)
    expect(rateInterval(0, 2995)[1]).toBeLessThan(0.001)
    expect(rateInterval(0, 2994)[1]).toBeGreaterThan(0.001)
    expect(rateInterval(100, 100)).toEqual([expect.closeTo(0.05 ** (1 / 100), 9), 1])
    // R: binom.test(10, 1000, alternative = …, conf.level = 0.95), and a million, where approximations begin to show.
    expect(rateInterval(10, 1000)).toEqual([expect.closeTo(0.0054351401, 8), expect.closeTo(0.0169031751, 8)])
    expect(rateInterval(1000, 1_000_000)).toEqual([expect.closeTo(0.00094858378, 8), expect.closeTo(0.00105357488, 8)])
    expect(rateInterval(500_000, 1_000_000)).toEqual([expect.closeTo(0.499177074, 7), expect.closeTo(0.500822926, 7)])
  })

  // SciPy 1.17.1: beta.ppf(0.05, hits, n - hits + 1), beta.ppf(0.95, hits + 1, n - hits).
  it.each([
    [0, 59, 0, 0.0495076098882],
    [0, 2995, 0, 0.000999744420901],
    [1, 20, 0.00256137877653, 0.216106164207],
    [3, 10, 0.0872644339142, 0.606624216105],
    [10, 1000, 0.00543514014471, 0.0169031751206],
    [37, 4000, 0.0069059249021, 0.0121510900487],
    [199, 200, 0.976501529565, 0.999743566413],
    [500, 1000, 0.473517731236, 0.526482268764],
    [1000, 1_000_000, 0.000948583778594, 0.00105357487745],
    [100, 100, 0.970486950393, 1],
  ])('agree with an independent implementation: %d of %d', (hits, n, lower, upper) => {
    const [low, high] = rateInterval(hits, n)
    expect(Math.abs(low - lower)).toBeLessThan(1e-12)
    expect(Math.abs(high - upper)).toBeLessThan(1e-12)
  })

  // SciPy 1.17.1: binom.sf(k - 1, n, p).
  it.each([
    [10, 100, 0.1, 0.548709834558],
    [0, 2995, 0.001, 1],
    [54, 1000, 0.05, 0.300167428785],
    [190, 200, 0.95, 0.583067182081],
    [4100, 1_000_000, 0.004, 0.0579109334603],
  ])('are of the binomial distribution: at least %d of %d at %d', (k, n, p, chance) => {
    expect(Math.abs(1 - binomialCdf(k - 1, n, p) - chance)).toBeLessThan(1e-11)
  })

  it('enclose the observed rate, grow with hits, and mirror each other', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20_000 }), fc.double({ min: 0, max: 1, noNaN: true }), (n, part) => {
        const hits = Math.floor(part * n)
        const [lower, upper] = rateInterval(hits, n)
        expect(lower).toBeLessThanOrEqual(hits / n)
        expect(upper).toBeGreaterThanOrEqual(hits / n)
        const [mirrored] = rateInterval(n - hits, n)
        expect(mirrored).toBeCloseTo(1 - upper, 6)
        expect(rateInterval(Math.min(hits + 1, n), n)[1]).toBeGreaterThanOrEqual(upper)
      }),
      { seed: 12, numRuns: propertyRuns(0.3) },
    )
  })

  it('are each wrong in at most one run of twenty', () => {
    const random = seededRandom(5)
    let missed = 0
    const runs = 2000
    for (let run = 0; run < runs; run++) {
      let hits = 0
      for (let sample = 0; sample < 300; sample++) if (random.next() < 0.02) hits++
      if (rateInterval(hits, 300)[1] < 0.02) missed++
    }
    expect(missed).toBeGreaterThan(0)
    expect(missed).toBeLessThan(runs * 0.05 + 3 * Math.sqrt(runs * 0.05 * 0.95))
  })
})

describe('the number of samples that would decide', () => {
  it('grows as the observed rate nears the limit, until no number helps', () => {
    const needed = [0, 20, 40, 45, 49].map((hits) => samplesToDecide(hits, 1000, 0.05)!)
    expect(needed).toEqual(needed.toSorted((a, b) => a - b))
    expect(samplesToDecide(50, 1000, 0.05)).toBeNull()
  })

  it('is the number at which the bound comes to lie inside, from either side', () => {
    expect(samplesToDecide(0, 1000, 0.001)).toBe(2995)
    for (const hits of [10, 30, 45]) {
      const needed = samplesToDecide(hits, 1000, 0.05)!
      const bound = (n: number): number => rateInterval((hits / 1000) * n, n)[1]
      expect([bound(needed) < 0.05, bound(needed - 1) < 0.05]).toEqual([true, needed <= 1001])
    }
    const needed = samplesToDecide(55, 1000, 0.05)!
    expect(rateInterval(0.055 * needed, needed)[0]).toBeGreaterThanOrEqual(0.05)
  })
})
