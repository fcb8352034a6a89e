// A share of `npm run healthy`: one short scenario on two seeds.
import { expect, it } from 'vitest'
import { QUICK } from '../sabotage/scenarios.ts'
import { passesTooRarely, playHealthy } from './healthy.ts'

it('passes the healthy gateway, whatever the seed', async () => {
  const seen = await playHealthy(QUICK, [7, 8])
  expect(seen).toMatchObject({ results: { pass: 2, fail: 0, inconclusive: 0 }, others: [] })
}, 120_000)

it('says why a scenario is not played', async () => {
  expect(await playHealthy('saturation', [1])).toMatch(/^saturation cannot be simulated; run it live: /)
})

it('finds a criterion that passes more rarely than show says, by more than chance', () => {
  const seen = { id: 'C1', sentence: '', others: [], odds: { requests: 500, atHalf: 0.9, atTenth: 1, enough: 300 } }
  expect(passesTooRarely({ ...seen, passes: 180 }, 200)).toBe(false)
  expect(passesTooRarely({ ...seen, passes: 160 }, 200)).toBe(true)
  expect(passesTooRarely({ ...seen, odds: undefined, passes: 199 }, 200)).toBe(true)
  expect(passesTooRarely({ ...seen, odds: undefined, passes: 200 }, 200)).toBe(false)
})
