import { expect, it } from 'vitest'
import type { Criterion } from '../../../src/criteria/criteria.ts'
import type { PlannedFault } from '../../../src/plan/plan.ts'
import { OUTAGE_END, OUTAGE_START, findingOf } from '../../judge/history.ts'
import { answered, call, inOutage } from './calls.ts'

const swallowed: PlannedFault = {
  id: 'F9',
  phase: 'outage',
  startMs: OUTAGE_START,
  endMs: OUTAGE_END,
  upstream: 'gemini',
  fault: { made: 'network', is: 'toxic', toxic: { type: 'timeout', attributes: { timeout: 0 } }, stream: 'downstream', toxicity: 0.5 },
}

const honoured: Criterion = { kind: 'retry_after_honoured', upstream: 'gemini' }

const told = (waitMs: number, retryAfterMs = 1000) =>
  call([
    { afterMs: 1, lastsMs: 10, status: 429, retryAfterMs },
    { afterMs: waitMs, lastsMs: 10, status: 200 },
  ])

it('passes a gateway that waits as long as it is told, and one that gives up at once', async () => {
  expect(await findingOf(honoured, inOutage(told(1200)))).toMatchObject({ result: 'pass', measured: 0 })
  const gaveUp = call([{ afterMs: 1, lastsMs: 10, status: 429, retryAfterMs: 999_999_000 }])
  expect(await findingOf(honoured, inOutage(gaveUp))).toMatchObject({
    result: 'pass',
    why: expect.stringContaining('none was tried again') as string,
  })
  expect(await findingOf(honoured, inOutage(told(1, 0)))).toMatchObject({ result: 'pass' })
})

it('fails one that reads seconds as milliseconds, or does not look (M31, M32)', async () => {
  for (const waitMs of [1, 100, 900])
    expect(await findingOf(honoured, inOutage(told(waitMs)))).toMatchObject({
      result: 'fail',
      cause: 'retried_early',
      why: expect.stringMatching(
        /came too early: request r7-\w+ was tried again at 1\d\.\d s, .+ after it was told to wait 1 s$/,
      ) as string,
    })
})

it('fails one that does not wait, and drops the body of what told it to', async () => {
  const dropped = { ...told(10), departures: [{ clientGone: true }] }
  expect(await findingOf(honoured, inOutage(dropped))).toMatchObject({ result: 'fail', cause: 'retried_early' })
})

it('blames nobody for not waiting after an answer that the network may have swallowed', async () => {
  expect(await findingOf(honoured, { ...inOutage(told(100)), plan: { faults: [swallowed] } })).toMatchObject({
    result: 'inconclusive',
    cause: 'attempts_unseen',
    why: expect.stringMatching(/^F9 may have kept answers from the gateway/) as string,
  })
})

it('tells nothing where no answer asked to wait', async () => {
  expect(await findingOf(honoured, inOutage(call(answered([429, 200], 1))))).toMatchObject({ result: 'inconclusive', cause: 'no_samples' })
})

it('tells nothing of a gateway that hides its request ids among many requests', async () => {
  const hidden = inOutage({ ...told(1200), anonymous: true }, { ...told(1200), anonymous: true })
  expect(await findingOf(honoured, { ...hidden, perSecond: 100 })).toMatchObject({ result: 'inconclusive' })
})

it('lacks ids, and no fault, where no attempt carries one', async () => {
  const anonymous = { ...told(1200), anonymous: true }
  const story = { ...inOutage(anonymous), gemini: () => anonymous }
  expect(await findingOf(honoured, story)).toMatchObject({
    result: 'inconclusive',
    cause: 'no_samples',
    why: expect.stringContaining('without the x-request-id of their client') as string,
    remedy: 'pass the header x-request-id on to gemini',
  })
})
