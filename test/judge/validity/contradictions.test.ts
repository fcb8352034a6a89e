import { expect, it } from 'vitest'
import { type Story, failing, healthyBreaker, ok, verdictOf } from '../history.ts'
import { opens, safe } from '../criteria.ts'

it('has a check that does not hold beside a contradiction that a criterion alone found', async () => {
  const madeUp: Story = {
    gemini: (_dueMs, index) => (index % 8 === 0 ? { ...ok, attempts: 0 } : ok),
    breaker: [],
    plan: { faults: [] },
    perSecond: 100,
  }
  const verdict = await verdictOf([{ kind: 'error_rate', below: 0.01 }], madeUp)
  expect(verdict.findings[0]).toMatchObject({ result: 'inconclusive', cause: 'contradiction' })
  expect(verdict.validity.filter((check) => !check.ok)).toMatchObject([{ id: 'contradictions', measured: 1 }])
  expect((await verdictOf([safe])).validity.map(({ id }) => id)).not.toContain('contradictions')
})

it('names repeated POSTs before the late opening that they made', async () => {
  const story: Story = {
    breaker: [['open', 14_000], ...healthyBreaker.slice(1)],
    gemini: (dueMs) => (dueMs >= 12_000 && dueMs < 14_000 ? { ...failing, attempts: 3 } : ok),
  }
  const verdict = await verdictOf([opens, safe], story)
  expect(verdict.findings[0]).toMatchObject({ result: 'fail', cause: 'unsafe_retry' })
})
