import { expect, it } from 'vitest'
import type { Criterion } from '../../../src/criteria/criteria.ts'
import { END, type Story, findingOf, healthyBreaker } from '../../judge/history.ts'
import { closes, closesLate, neverCloses, neverOpens, neverProbes, opensAgain, rejectedUntil, stuckAfterProbe } from './stories.ts'

it('measures from the end of the fault to the closing', async () => {
  expect(await findingOf(closes)).toMatchObject({
    result: 'pass',
    measured: 300,
    bound: 5000,
    margin: 0.94,
    why: 'closed after 300 ms, promised 5 s',
  })
})

it('tells a late closing from none: closed after 20.1 s, promised 5 s', async () => {
  expect(await findingOf(closes, closesLate)).toMatchObject({
    result: 'fail',
    cause: 'closed_late',
    why: 'closed after 20.1 s, promised 5 s',
    measured: 20_100,
    margin: -3.02,
  })
})

it('tells a breaker that had nothing to close from', async () => {
  expect(await findingOf(closes, neverOpens)).toMatchObject({ result: 'fail', cause: 'never_opened' })
})

it('tells a breaker that never lets a probe pass', async () => {
  expect(await findingOf(closes, neverProbes)).toMatchObject({
    result: 'fail',
    cause: 'never_half_open',
    why: 'never half-open, open since 12.1 s; promised closed within 5 s',
    measured: null,
  })
  expect(await findingOf(closes, stuckAfterProbe)).toMatchObject({ result: 'fail', cause: 'never_half_open' })
})

it('tells a breaker that is probed and never closes', async () => {
  expect(await findingOf(closes, neverCloses)).toMatchObject({
    result: 'fail',
    cause: 'never_closed',
    why: 'half-open 2 times, never closed; promised closed within 5 s',
  })
})

it('tells a breaker that closes and opens again', async () => {
  expect(await findingOf(closes, opensAgain)).toMatchObject({
    result: 'fail',
    cause: 'reopened',
    why: 'closed after 300 ms, opened again, closed for good after 13.1 s, promised 5 s',
  })
  const forGood: Story = { ...opensAgain, breaker: [...healthyBreaker, ['open', 30_000]] }
  expect(await findingOf(closes, forGood)).toMatchObject({ result: 'fail', cause: 'reopened', measured: null })
})

it('is not sure of a closing that the run was too short to see', async () => {
  const long: Criterion = { ...closes, withinMs: 60_000 }
  expect(await findingOf(long, neverProbes)).toMatchObject({ result: 'inconclusive', cause: 'phase_not_reached' })
})

it('does not blame a breaker that no request came to probe', async () => {
  const story: Story = { breaker: [['open', 12_100]], gemini: (dueMs) => (dueMs >= 22_000 ? 'not sent' : rejectedUntil(END)(dueMs)) }
  expect(await findingOf(closes, story)).toMatchObject({ result: 'inconclusive' })
})
