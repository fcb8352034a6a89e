import { expect, it } from 'vitest'
import { verdictOf } from '../history.ts'
import { steadyP95, goes } from '../criteria.ts'

it('is undecided when a fault hits an upstream without traffic', async () => {
  const verdict = await verdictOf([steadyP95, goes], { gemini: () => 'not sent', breaker: [] })
  expect(verdict.result).toBe('inconclusive')
  expect(verdict.validity.filter(({ ok: holds }) => !holds).map(({ id }) => id)).toEqual(
    expect.arrayContaining(['traffic:gemini', 'fault_bit:F1']),
  )
})
