import { expect, it } from 'vitest'
import type { Criterion } from '../../../../src/criteria/criteria.ts'
import { type Story, findingOf, ok } from '../../../judge/history.ts'

const inRecovery = { during: ['recovery'] }
/** 7,600 requests are due in recovery; one of `nth` leaves no record. */
const lacking = (nth: number): Story => {
  let count = 0
  const thin = (dueMs: number) => (dueMs >= 22_300 && count++ % nth === 0 ? 'not sent' : ok)
  return { gemini: thin, breaker: [], plan: { faults: [] }, perSecond: 200 }
}

it.each<[string, Criterion]>([
  ['a rate', { kind: 'error_rate', below: 0.001, ...inRecovery }],
  ['goodput', { kind: 'goodput', outcomes: ['ok'], above: 0.999, ...inRecovery }],
  ['a high quantile', { kind: 'latency', quantile: 0.999, outcomes: ['ok'], belowMs: 300, ...inRecovery }],
])('counts what is missing against the pass of %s', async (_what, criterion) => {
  const whole: Story = { gemini: () => ok, breaker: [], plan: { faults: [] }, perSecond: 200 }
  expect(await findingOf(criterion, whole)).toMatchObject({ result: 'pass' })
  expect(await findingOf(criterion, lacking(60))).toMatchObject({
    result: 'inconclusive',
    cause: 'load_not_delivered',
    why: expect.stringMatching(/^\d+ planned requests left no record/) as string,
  })
})

it('lets a pass stand that holds even if all that is missing failed', async () => {
  for (const criterion of [
    { kind: 'error_rate', below: 0.05, ...inRecovery },
    { kind: 'goodput', outcomes: ['ok'], above: 0.986, ...inRecovery },
    { kind: 'latency', quantile: 0.95, outcomes: ['ok'], belowMs: 300, ...inRecovery },
  ] satisfies Criterion[])
    expect(await findingOf(criterion, lacking(60))).toMatchObject({ result: 'pass' })
})
