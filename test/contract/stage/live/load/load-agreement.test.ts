// Two load generators that know nothing of each other must see the same server alike.
import { createServer } from 'node:http'
import autocannon from 'autocannon'
import { expect, it } from 'vitest'
import { type Ms, realClock } from '../../../../../src/kernel/clock.ts'
import { drawFor } from '../../../../../src/kernel/random.ts'
import { listen } from '../../../../../src/kernel/server.ts'
import { percentile, playLoad } from './load-run.ts'

const RATE = 200
const SECONDS = 6
// Both measure the same distribution at the same time: 200 to 400 ms, uniform, long against what a busy machine adds to either.
// It can add for a while and never take away; a wrong measure is wrong each time. So one attempt of three that agrees is proof enough.
const FASTEST: Ms = 200
const SLOWEST: Ms = 400
const ATTEMPTS = 3
const WITHIN = 0.1

interface Percentiles {
  p50: Ms
  p90: Ms
  p99: Ms
}

it('agrees with autocannon on the percentiles of a quiet server, within 10 %', async () => {
  let ordinal = 0
  await using server = await listen(
    createServer((_request, response) => {
      realClock.after(FASTEST + (SLOWEST - FASTEST) * drawFor(1, 'latency', ordinal++), () => response.end('{}'))
    }),
  )
  const seen: { ours: Percentiles; theirs: Percentiles }[] = []
  for (let attempt = 0; attempt < ATTEMPTS && !seen.some(agree); attempt++) {
    const [theirs, ours] = await Promise.all([byAutocannon(server.url), byOurs(server.url)])
    seen.push({ theirs, ours })
  }
  // On failure the message shows every attempt.
  expect(seen).toSatisfy((attempts: typeof seen) => attempts.some(agree))
})

function agree({ ours, theirs }: { ours: Percentiles; theirs: Percentiles }): boolean {
  return (['p50', 'p90', 'p99'] as const).every((name) => Math.abs(ours[name] / theirs[name] - 1) < WITHIN)
}

// Closed loop: as many connections as keep the same rate on average.
async function byAutocannon(url: string): Promise<Percentiles> {
  const { latency, errors, non2xx } = await autocannon({ url, connections: (RATE * (FASTEST + SLOWEST)) / 2 / 1000, duration: SECONDS })
  expect({ errors, non2xx }).toEqual({ errors: 0, non2xx: 0 })
  return { p50: latency.p50, p90: latency.p90, p99: latency.p99 }
}

async function byOurs(url: string): Promise<Percentiles> {
  const span = SECONDS * 1000
  const { requests } = await playLoad(
    {
      seed: 5,
      phases: [{ name: 'all', startMs: 0, endMs: span, warmUp: false, expected: RATE * SECONDS }],
      load: {
        arrivals: 'poisson',
        rate: [{ fromMs: 0, toMs: span, startPerSecond: RATE, endPerSecond: RATE }],
        mix: [{ route: 'get', reaches: [], weight: 1, method: 'GET', paths: ['/'], headers: {}, bodies: [] }],
        timeoutMs: 5000,
      },
    },
    url,
  )
  expect(requests.length).toBeGreaterThan(RATE * SECONDS * 0.8)
  const latencies = requests.map(({ t, due }) => t - due)
  return { p50: percentile(latencies, 0.5), p90: percentile(latencies, 0.9), p99: percentile(latencies, 0.99) }
}
