import { expect, it } from 'vitest'
import { type Story, findingOf } from '../../judge/history.ts'
import { neverOpens, opens } from './stories.ts'

it('measures from the first sign of the fault to the opening', async () => {
  // Requests come every 25 ms, and the fault acts on the first of them for gemini.
  const { measured, ...finding } = await findingOf(opens)
  expect(finding).toMatchObject({ result: 'pass', bound: 1000, unit: 'ms', why: expect.stringMatching(/^opened after .*, promised 1 s$/) })
  expect(measured).toBeGreaterThan(0)
  expect(measured).toBeLessThan(100)
  expect(finding.margin).toBeCloseTo(1 - measured! / 1000, 6)
})

it('tells a breaker that never opened, with the requests that should have opened it', async () => {
  expect(await findingOf(opens, neverOpens)).toMatchObject({
    result: 'fail',
    cause: 'never_opened',
    measured: null,
    why: expect.stringMatching(/^never opened, though the fault bit at 12\.\d s and \d+ requests followed; promised within 1 s$/),
  })
})

it('tells a breaker that opens late', async () => {
  const story: Story = {
    breaker: [
      ['open', 14_502],
      ['half_open', 22_100],
      ['closed', 22_200],
    ],
  }
  const finding = await findingOf(opens, story)
  expect(finding).toMatchObject({ result: 'fail', cause: 'opened_late' })
  expect(finding.measured).toBeCloseTo(2460, -2)
})

it('tells a breaker that was open before the fault began', async () => {
  const story: Story = {
    breaker: [
      ['open', 9000],
      ['half_open', 22_100],
      ['closed', 22_200],
    ],
  }
  expect(await findingOf(opens, story)).toMatchObject({
    result: 'fail',
    cause: 'unexpected_transition',
    why: 'was open already when the fault began: since 9 s',
  })
})
