import { expect, it } from 'vitest'
import type { Criterion } from '../../../src/criteria/criteria.ts'
import { type Answer, type Story, findingOf, ok, verdictOf } from '../../judge/history.ts'

const errors = { kind: 'error_rate', below: 0.01, during: ['recovery'] } satisfies Criterion
const good = { kind: 'goodput', outcomes: ['ok'], above: 0.99, upstream: 'gemini', during: ['recovery'] } satisfies Criterion
const p95: Criterion = { kind: 'latency', quantile: 0.95, outcomes: ['ok'], belowMs: 300, upstream: 'gemini', during: ['recovery'] }

it('believes no good answer that the upstream did not give', async () => {
  const honest: Answer = { ...ok, answered: 200 }
  const swallowed: Answer = { ...ok, answered: 503 }
  const story = (bad: Answer, every: number): Story => ({
    gemini: (_, index) => (index % every === 0 ? bad : honest),
    assemblyai: () => honest,
  })
  const [truthful, lying, seldom] = [story(honest, 2), story(swallowed, 3), story(swallowed, 100)]
  for (const criterion of [errors, good, p95]) {
    expect(await findingOf(criterion, truthful)).toMatchObject({ result: 'pass' })
    expect(await findingOf(criterion, lying)).toMatchObject({
      result: 'inconclusive',
      cause: 'contradiction',
      why: expect.stringMatching(/^[\d,]+ answers were ok by status, with no good answer of the upstream behind them/),
    })
  }
  // Few enough not to matter.
  expect(await findingOf({ ...good, above: 0.9 }, seldom)).toMatchObject({ result: 'pass' })
})

it('passes nothing of a gateway that makes up every answer', async () => {
  const madeUp = await verdictOf([p95, errors], { gemini: () => ({ ...ok, attempts: 0 }), plan: { faults: [] } })
  expect(madeUp.result).toBe('inconclusive')
  expect(madeUp.validity.find(({ id }) => id === 'answered:gemini')).toMatchObject({ ok: false, measured: 0 })
})
