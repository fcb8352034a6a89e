import { expect, it } from 'vitest'
import type { Criterion } from '../../../src/criteria/criteria.ts'
import { health } from '../../judge/criteria.ts'
import { type Story, failing, findingOf, ok, rejected } from '../../judge/history.ts'
import { burst, notFound } from './stories.ts'

const blind: Criterion = { kind: 'breaker_blind_to', upstream: 'gemini', statuses: [404] }
it('passes a breaker that stays closed through a row of 404s', async () => {
  expect(
    await findingOf(
      blind,
      burst(() => notFound),
    ),
  ).toMatchObject({
    result: 'pass',
    why: expect.stringMatching(/^\d+ such answers came in a row, and it stayed closed$/) as string,
  })
})

it('fails one that opens after five of them (M03)', async () => {
  const counts: Story = {
    plan: { faults: [] },
    breaker: [
      ['open', 5260],
      ['half_open', 10_300],
      ['closed', 10_320],
    ],
    gemini(dueMs) {
      if (dueMs < 5000 || dueMs >= 10_300) return ok
      return dueMs < 5250 ? notFound : rejected
    },
  }
  expect(await findingOf(blind, counts)).toMatchObject({
    result: 'fail',
    cause: 'unexpected_transition',
    why: expect.stringMatching(/^it let nothing pass after \d answers of 404 in a row at 5\.\d s, with no other failure before$/) as string,
  })
  // In a stall attempts may have timed out too.
  expect(await findingOf(blind, { ...counts, also: [health(5200, 'load', 600)] })).toMatchObject({
    result: 'inconclusive',
    cause: 'harness_unhealthy',
  })
  expect(await findingOf(blind, { ...counts, also: [health(2500, 'load', 600)] })).toMatchObject({ result: 'fail' })
})

it('fails it too where its opening keeps a later fault from acting', async () => {
  const opensAt404: Story = {
    breaker: [
      ['open', 5260],
      ['half_open', 10_300],
      ['closed', 10_320],
    ],
    gemini(dueMs) {
      if (dueMs < 5000 || dueMs >= 10_300) return ok
      return dueMs < 5250 ? notFound : rejected
    },
    faultSeen: false,
  }
  expect(await findingOf(blind, opensAt404)).toMatchObject({ result: 'fail', cause: 'unexpected_transition' })
})

it('sees by traffic alone that nothing passes after such a row', async () => {
  // It tells nothing of its breaker, and refuses with a plain 503.
  const silent: Story = {
    plan: { faults: [] },
    breaker: [],
    gemini: (dueMs) => (dueMs < 5000 || dueMs >= 10_000 ? ok : dueMs < 5300 ? notFound : { ...failing, attempts: 0, latencyMs: 1 }),
  }
  expect(await findingOf(blind, silent)).toMatchObject({ result: 'fail', cause: 'unexpected_transition' })
})

it('blames no 404 for what failures open', async () => {
  let count = 0
  const mixed: Story = {
    plan: { faults: [] },
    breaker: [
      ['open', 5700],
      ['half_open', 10_800],
      ['closed', 10_820],
    ],
    gemini: (dueMs) => (dueMs < 5000 || dueMs >= 10_800 ? ok : dueMs >= 5700 ? rejected : count++ < 5 ? failing : notFound),
  }
  expect(await findingOf(blind, mixed)).toMatchObject({ result: 'inconclusive', cause: 'too_few_samples' })
})

it('tells nothing of a few, or of those between good answers', async () => {
  expect(
    await findingOf(
      blind,
      burst((count) => (count < 6 ? notFound : ok)),
    ),
  ).toMatchObject({ result: 'inconclusive', cause: 'too_few_samples' })
  expect(
    await findingOf(
      blind,
      burst((count) => (count % 2 ? notFound : ok)),
    ),
  ).toMatchObject({ result: 'inconclusive', cause: 'no_samples' })
})
