// A soak in short: what is not given back shows at once, what grows slowly only in `npm run soak`.
import { expect, it } from 'vitest'
import { growth, leftOver } from '../soak/judge.ts'
import type { Holding } from '../soak/gateway.ts'
import { soak } from '../soak/soak.ts'

const rest: Holding = { heap: 20e6, rss: 100e6, buffers: 1e6, openFiles: 20, inFlight: 0, timeouts: 0, bodyBytes: 0 }

it('gives back everything after faults, and after clients that stall, leave and flood', { timeout: 120_000 }, async () => {
  const { clients, holdings } = await soak({ forMs: 0, stepMs: 100, seed: 1 })
  expect(leftOver(holdings)).toEqual([])
  expect(holdings.length).toBeGreaterThan(2)
  expect(clients).toBeGreaterThan(500)
})

it.each([
  ['heap', { heap: 40e6 }, /^heap grew/],
  ['open files', { openFiles: 90 }, /^openFiles grew/],
  ['a request that never ends', { inFlight: 1 }, /^inFlight is 1 after round 7/],
  ['a timeout that nobody lifts', { timeouts: 2 }, /^timeouts is 2/],
])('finds growth: %s', (_, change, told) => {
  const rounds = Array.from({ length: 9 }, (__, round) => (round < 6 ? rest : { ...rest, ...change }))
  expect([...growth(rounds), ...leftOver(rounds)].join('\n')).toMatch(told)
})

it('finds none where nothing grows', () => {
  const rounds = Array.from({ length: 9 }, () => rest)
  expect([...growth(rounds), ...leftOver(rounds)]).toEqual([])
})
