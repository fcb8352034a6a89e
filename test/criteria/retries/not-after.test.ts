import { expect, it } from 'vitest'
import type { Criterion } from '../../../src/criteria/criteria.ts'
import type { PlannedFault } from '../../../src/plan/plan.ts'
import { type Answer, OUTAGE_END, OUTAGE_START, findingOf, ok } from '../../judge/history.ts'
import { answered, call, inOutage } from './calls.ts'

const swallowed: PlannedFault = {
  id: 'F9',
  phase: 'outage',
  startMs: OUTAGE_START,
  endMs: OUTAGE_END,
  upstream: 'gemini',
  fault: { made: 'network', is: 'toxic', toxic: { type: 'timeout', attributes: { timeout: 0 } }, stream: 'downstream', toxicity: 0.5 },
}

const inVain: Criterion = { kind: 'no_retry_after', upstream: 'gemini', statuses: [400, 404] }

it('passes a gateway that hands on what a repeat cannot mend, and retries the rest', async () => {
  let count = 0
  const mixed = { ...inOutage(ok), gemini: (): Answer => call(answered(count++ % 2 ? [404] : [503, 200], 50)) }
  expect(await findingOf(inVain, mixed)).toMatchObject({ result: 'pass', measured: 0 })
})

it('fails one that asks again after a 404', async () => {
  expect(await findingOf(inVain, inOutage(call(answered([404, 404], 50))))).toMatchObject({
    result: 'fail',
    cause: 'retried_in_vain',
    why: expect.stringMatching(/^\d+ requests of \d+ tried again: \d+ after 404$/) as string,
  })
  expect(await findingOf(inVain, inOutage(call(answered([503, 400, 200], 1))))).toMatchObject({ result: 'fail' })
})

it('fails one that asks again after the head of a 404, and does not wait for its body', async () => {
  const dropped = { ...call(answered([404, 404, 404], 50)), departures: [{ clientGone: true }, { clientGone: true }, {}] }
  expect(await findingOf(inVain, inOutage(dropped))).toMatchObject({ result: 'fail', cause: 'retried_in_vain' })
})

it('blames nobody for asking again after a 404 that the network may have swallowed', async () => {
  const story = inOutage(call(answered([404, 404], 50)))
  expect(await findingOf(inVain, { ...story, plan: { faults: [swallowed] } })).toMatchObject({
    result: 'inconclusive',
    cause: 'attempts_unseen',
    why: expect.stringMatching(/^F9 may have kept answers from the gateway/) as string,
  })
})

it('tells nothing where no such answer was given', async () => {
  expect(await findingOf(inVain, inOutage(call(answered([503, 200], 50))))).toMatchObject({ result: 'inconclusive', cause: 'no_samples' })
})

it('takes a hedged attempt that was on its way for no retry, and does not pass it either', async () => {
  const hedged = call([
    { afterMs: 1, lastsMs: 30, status: 503 },
    { afterMs: -20, lastsMs: 15, status: 404 },
    { afterMs: 2, lastsMs: 5, status: 404 },
  ])
  expect(await findingOf(inVain, inOutage(hedged))).toMatchObject({ result: 'inconclusive', cause: 'attempts_unseen' })
  expect(await findingOf(inVain, inOutage(call([...hedged.tries!, { afterMs: 100, lastsMs: 5, status: 200 }])))).toMatchObject({
    result: 'fail',
  })
})
