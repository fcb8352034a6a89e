// How often each bound of a verdict holds: 10,000 draws of every case, with a fixed seed. Each end is claimed to hold in 95 % of all runs.
// Where draws are slow there are as many at night alone (PROPERTY_RUNS=10000).
import { expect, it } from 'vitest'
import { latenciesOf } from '../../../../src/evidence/latency-histogram.ts'
import { quantileDifference, rateDifference } from '../../../../src/criteria/measure/statistics/difference.ts'
import { meanInterval, meanOf, meanOfSumInterval } from '../../../../src/criteria/measure/statistics/mean-of-counts.ts'
import { quantileInterval, rateInterval } from '../../../../src/criteria/measure/statistics/statistics.ts'
import { type Random, seededRandom } from '../../../../src/kernel/random.ts'
import { propertyRuns } from '../../../property-runs.ts'

type Bounds = readonly [lower: number | null, upper: number | null]

interface Sampling {
  of: string
  truth: number
  /** A sample, as what its bounds depend on. */
  draw: (random: Random) => { key?: string; bounds: () => Bounds }
}

/** Shares of the samples that count 0, 1, 2 … */
const bursts: Record<string, readonly number[]> = {
  'one in fifty four times': [0, 0.98, 0, 0, 0.02],
  'one in five hundred ten times': [0, 0.998, 0, 0, 0, 0, 0, 0, 0, 0, 0.002],
  'one in ten ten times': [0, 0.9, 0, 0, 0, 0, 0, 0, 0, 0, 0.1],
  'none, and one in ten ten times': [0.9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0.1],
  'three of ten thrice': [0, 0.7, 0, 0.3],
  'half as many each time': [0, 0.5, 0.25, 0.125, 0.0625, 0.0625],
  'anything up to ten': [0, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1],
  'twice, and one in ten nine times': [0, 0, 0.9, 0, 0, 0, 0, 0, 0, 0.1],
}

const spreads: { name: string; p95: number; draw: (random: Random) => number }[] = [
  { name: 'exponential', p95: -100 * Math.log(0.05), draw: (random) => random.exponential(100) },
  { name: 'log-normal', p95: 100 * Math.exp(0.5 * 1.6448536269514722), draw: (random) => 100 * Math.exp(0.5 * random.normal()) },
  { name: 'heavy-tailed', p95: 20 / 0.05, draw: (random) => 20 / (1 - random.next()) },
  {
    name: 'with a gap at p95',
    p95: 300 - 30 * Math.log(1 - 0.001 / 0.051),
    draw: (random) => (random.next() < 0.949 ? 20 + random.exponential(3) : 300 + random.exponential(30)),
  },
]

it.each<{ name: string; draws: number; cases: Sampling[]; table: string }>([
  {
    name: 'a rate',
    draws: 10_000,
    cases: [rate(60, 0.05), rate(100, 0.97), rate(200, 0.5), rate(300, 0.02), rate(1000, 0.001), rate(3000, 0.001)],
    table: `
60 at 0.05                                    97.2 %  95.4 %
100 at 0.97                                   95.2 %  97.1 %
200 at 0.5                                    96.4 %  96.0 %
300 at 0.02                                   95.8 %  98.4 %
1000 at 0.001                                 98.1 % 100.0 %
3000 at 0.001                                 96.5 %  95.0 %
`,
  },
  {
    name: 'a difference of two rates',
    draws: 10_000,
    cases: [
      change([500, 0.01], [1000, 0.001]),
      change([500, 0.01], [1000, 0.01]),
      change([200, 0.05], [200, 0.05]),
      change([100, 0.3], [400, 0.1]),
      change([1000, 0.02], [100, 0.02]),
      change([60, 0.01], [1000, 0.01]),
      change([500, 0.5], [500, 0.5]),
    ],
    table: `
500 at 0.01 after 1000 at 0.001               97.3 %  97.3 %
500 at 0.01 after 1000 at 0.01                96.6 %  97.1 %
200 at 0.05 after 200 at 0.05                 95.8 %  96.5 %
100 at 0.3 after 400 at 0.1                   95.8 %  96.0 %
1000 at 0.02 after 100 at 0.02                99.9 %  96.9 %
60 at 0.01 after 1000 at 0.01                 97.7 % 100.0 %
500 at 0.5 after 500 at 0.5                   95.2 %  95.6 %
`,
  },
  {
    name: 'a quantile',
    draws: propertyRuns(),
    cases: spreads.flatMap((spread) => [quantile(spread, 60), quantile(spread, 300)]),
    table: `
p95 of 60, exponential                        96.7 %  95.6 %
p95 of 300, exponential                       95.1 %  96.8 %
p95 of 60, log-normal                         97.0 %  95.7 %
p95 of 300, log-normal                        95.1 %  96.3 %
p95 of 60, heavy-tailed                       96.7 %  95.6 %
p95 of 300, heavy-tailed                      95.1 %  96.8 %
p95 of 60, with a gap at p95                  97.0 %  95.2 %
p95 of 300, with a gap at p95                 95.8 %  96.6 %
`,
  },
  {
    name: 'a difference of two quantiles',
    draws: propertyRuns(),
    cases: spreads.flatMap((spread) => [slowdown(spread, 100, 100), slowdown(spread, 60, 300), slowdown(spread, 300, 60)]),
    table: `
p95 of 100 after 100, exponential             99.2 %  99.6 %
p95 of 60 after 300, exponential              99.5 %  99.0 %
p95 of 300 after 60, exponential              97.9 %  99.3 %
p95 of 100 after 100, log-normal              99.3 %  99.6 %
p95 of 60 after 300, log-normal               99.5 %  99.0 %
p95 of 300 after 60, log-normal               97.9 %  99.2 %
p95 of 100 after 100, heavy-tailed            99.1 %  99.6 %
p95 of 60 after 300, heavy-tailed             99.5 %  99.1 %
p95 of 300 after 60, heavy-tailed             97.7 %  99.4 %
p95 of 100 after 100, with a gap at p95       96.6 %  99.7 %
p95 of 60 after 300, with a gap at p95        97.0 %  99.7 %
p95 of 300 after 60, with a gap at p95        96.0 %  99.3 %
`,
  },
  {
    name: 'a mean of counts',
    draws: propertyRuns(),
    cases: Object.keys(bursts).flatMap((family) => [meanCount(family, 30), meanCount(family, 300)]),
    table: `
30, one in fifty four times                   97.8 % 100.0 %
300, one in fifty four times                  96.0 % 100.0 %
30, one in five hundred ten times             99.9 % 100.0 %
300, one in five hundred ten times            97.7 % 100.0 %
30, one in ten ten times                      97.2 %  95.9 %
300, one in ten ten times                     96.5 %  95.6 %
30, none, and one in ten ten times           100.0 % 100.0 %
300, none, and one in ten ten times          100.0 % 100.0 %
30, three of ten thrice                       96.0 % 100.0 %
300, three of ten thrice                      95.9 %  99.8 %
30, half as many each time                    98.7 % 100.0 %
300, half as many each time                   98.5 %  99.8 %
30, anything up to ten                        99.3 %  99.3 %
300, anything up to ten                       98.9 %  98.8 %
30, twice, and one in ten nine times          97.2 % 100.0 %
300, twice, and one in ten nine times         96.5 %  97.2 %
`,
  },
  {
    name: 'a mean of counts whose sum alone is known',
    draws: 10_000,
    cases: Object.keys(bursts).flatMap((family) => [meanSum(family, 30), meanSum(family, 300)]),
    table: `
30, one in fifty four times                  100.0 % 100.0 %
300, one in fifty four times                 100.0 % 100.0 %
30, one in five hundred ten times            100.0 % 100.0 %
300, one in five hundred ten times           100.0 % 100.0 %
30, one in ten ten times                      99.1 % 100.0 %
300, one in ten ten times                     99.4 %  99.7 %
30, none, and one in ten ten times            97.2 %  95.9 %
300, none, and one in ten ten times           96.5 %  95.6 %
30, three of ten thrice                      100.0 % 100.0 %
300, three of ten thrice                     100.0 % 100.0 %
30, half as many each time                   100.0 % 100.0 %
300, half as many each time                  100.0 % 100.0 %
30, anything up to ten                       100.0 % 100.0 %
300, anything up to ten                      100.0 %  99.9 %
30, twice, and one in ten nine times          99.9 % 100.0 %
300, twice, and one in ten nine times        100.0 % 100.0 %
`,
  },
])('holds at either end as often as it claims: $name', ({ draws, cases, table }) => {
  const covered = cases.map((sampling) => coverage(sampling, draws))
  // The table is of 10,000 draws. Fewer scatter: three standard errors of 5 %.
  const scatter = draws < 10_000 ? 3 * Math.sqrt((0.05 * 0.95) / draws) : 0
  for (const { of, lower, upper } of covered) expect(Math.min(lower, upper), of).toBeGreaterThanOrEqual(0.945 - scatter)
  if (draws !== 10_000) return
  const lines = covered.map(({ of, lower, upper }) => `${of.padEnd(44)} ${percent(lower)} ${percent(upper)}`)
  expect(`\n${lines.join('\n')}\n`).toBe(table)
})

function coverage({ of, truth, draw }: Sampling, draws: number): { of: string; lower: number; upper: number } {
  const random = seededRandom(11)
  const known = new Map<string, Bounds>()
  let [lower, upper] = [0, 0]
  for (let run = 0; run < draws; run++) {
    const { key, bounds } = draw(random)
    const [low, high] = (key === undefined ? undefined : known.get(key)) ?? bounds()
    if (key !== undefined) known.set(key, [low, high])
    // What is equal but for rounding holds. An end that is missing claims nothing.
    if (low === null || low <= truth + 1e-12) lower++
    if (high === null || high >= truth - 1e-12) upper++
  }
  return { of, lower: lower / draws, upper: upper / draws }
}

function rate(n: number, share: number): Sampling {
  return {
    of: `${n} at ${share}`,
    truth: share,
    draw(random) {
      const hits = hitsOf(random, n, share)
      return { key: String(hits), bounds: () => rateInterval(hits, n) }
    },
  }
}

function change([n, share]: [number, number], [nBefore, shareBefore]: [number, number]): Sampling {
  return {
    of: `${n} at ${share} after ${nBefore} at ${shareBefore}`,
    truth: share - shareBefore,
    draw(random) {
      const [now, before] = [
        { hits: hitsOf(random, n, share), n },
        { hits: hitsOf(random, nBefore, shareBefore), n: nBefore },
      ]
      return { key: `${now.hits} ${before.hits}`, bounds: () => rateDifference(now, before) }
    },
  }
}

function quantile({ name, p95, draw }: (typeof spreads)[number], n: number): Sampling {
  return {
    of: `p95 of ${n}, ${name}`,
    truth: p95,
    draw: (random) => ({ bounds: () => quantileInterval(latenciesOf(Array.from({ length: n }, () => draw(random))), 0.95) }),
  }
}

function slowdown({ name, p95, draw }: (typeof spreads)[number], n: number, nBefore: number): Sampling {
  const latencies = (random: Random, samples: number) => latenciesOf(Array.from({ length: samples }, () => draw(random)))
  return {
    of: `p95 of ${n} after ${nBefore}, ${name}`,
    truth: p95 - 1.5 * p95,
    draw: (random) => ({
      bounds: () => quantileDifference(latencies(random, n), latencies(random, nBefore), { quantile: 0.95, ratio: 1.5 }),
    }),
  }
}

function meanCount(family: string, n: number): Sampling {
  const shares = bursts[family]!.with(0, 0).map((share) => share / (1 - bursts[family]![0]!))
  return {
    of: `${n}, ${family}`,
    truth: meanShare(shares),
    draw(random) {
      const byCount = countsOf(random, n, shares)
      return { key: byCount.join(), bounds: () => meanInterval(byCount) }
    },
  }
}

function meanSum(family: string, n: number): Sampling {
  const shares = bursts[family]!
  return {
    of: `${n}, ${family}`,
    truth: meanShare(shares),
    draw(random) {
      const { sum } = meanOf(countsOf(random, n, shares))
      return { key: String(sum), bounds: () => meanOfSumInterval(sum, n) }
    },
  }
}

function hitsOf(random: Random, n: number, share: number): number {
  let hits = 0
  for (let sample = 0; sample < n; sample++) if (random.next() < share) hits++
  return hits
}

function countsOf(random: Random, n: number, shares: readonly number[]): number[] {
  const counts = shares.map(() => 0)
  for (let sample = 0; sample < n; sample++) {
    let left = random.next()
    const place = shares.findIndex((share) => (left -= share) < 0)
    counts[place < 0 ? counts.length - 1 : place]!++
  }
  return counts
}

function meanShare(shares: readonly number[]): number {
  return shares.reduce((total, share, count) => total + share * count, 0)
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`.padStart(7)
