import { expect, it } from 'vitest'
import { type Criterion, knownCriterion } from '../../../src/criteria/criteria.ts'
import type { JournalEvent } from '../../../src/evidence/events.ts'
import { END, OUTAGE_END, type Story, findingOf, healthyBreaker, outage, planOf } from '../../judge/history.ts'
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

const acts: JournalEvent = { type: 'fault', t: 24_100, fault: 'F2', edge: 'bite' }

it('decides nothing where another fault begins where this one ends, and says so before the run', async () => {
  const second = { ...outage, id: 'F2', phase: 'recovery', startMs: OUTAGE_END, endMs: 40_000 }
  const plan = planOf([closes], { faults: [outage, second] })
  expect(knownCriterion(closes).check(plan)).toEqual([
    {
      at: 'phase',
      message:
        'the fault of "recovery" begins where that of "outage" ends, so no closing can be seen; put a phase without a fault between them',
    },
  ])
  const story: Story = { ...neverProbes, plan: { faults: [outage, second] }, also: [acts] }
  expect(await findingOf(closes, story)).toMatchObject({
    result: 'inconclusive',
    why: expect.stringContaining('another fault on gemini begins where that of outage ends') as string,
  })
})

it('says that the next fault begins, not that the evidence ends', async () => {
  const second = { ...outage, id: 'F2', phase: 'recovery', startMs: 24_000, endMs: 40_000 }
  const story: Story = { ...neverProbes, plan: { faults: [outage, second] }, also: [acts] }
  expect(await findingOf(closes, story)).toMatchObject({
    result: 'inconclusive',
    why: expect.stringMatching(/^not closed when the next fault begins, 2 s after the fault/) as string,
  })
})
