import { expect, it } from 'vitest'
import type { Criterion } from '../../../src/criteria/criteria.ts'
import { health } from '../../judge/criteria.ts'
import { findingOf, ok, outage } from '../../judge/history.ts'
import { answered, call, inOutage } from './calls.ts'

const spaced: Criterion = { kind: 'retries_spaced', upstream: 'gemini', leastMs: 100 }

it('passes a gateway that waits before it tries again, after an answer and after a timeout', async () => {
  expect(await findingOf(spaced, inOutage(call(answered([503, 503, 200], 130))))).toMatchObject({ result: 'pass', unit: 'ms', bound: 100 })
  expect(await findingOf(spaced, inOutage(call(answered([0, 0, 200], 101))))).toMatchObject({ result: 'pass' })
})

it('fails one that tries again at once, even once', async () => {
  expect(await findingOf(spaced, inOutage(call(answered([503, 503, 200], 2))))).toMatchObject({
    result: 'fail',
    cause: 'retried_early',
    why: expect.stringMatching(/^\d+ retries of \d+ came too soon, the soonest after 2(\.\d+)? ms, promised 100 ms$/) as string,
  })
  expect(await findingOf(spaced, inOutage(call([...answered([503, 503], 130), { afterMs: 5, lastsMs: 10, status: 200 }])))).toMatchObject({
    result: 'fail',
  })
})

it('forgives a stall of the fake, which stamps an end late, and no more than it can have made', async () => {
  const stalled = (waitMs: number) => ({ ...inOutage(call(answered([503, 200], waitMs))), also: [health(13_000, 'upstreams', 150)] })
  expect(await findingOf(spaced, stalled(60))).toMatchObject({ result: 'inconclusive', cause: 'harness_unhealthy' })
  expect(await findingOf({ ...spaced, leastMs: 5000 }, stalled(60))).toMatchObject({ result: 'fail' })
})

it('misses retries where the gateway is to have them, and only warns where nobody says so', async () => {
  const never = inOutage(call(answered([503], 0)))
  expect(await findingOf(spaced, never)).toMatchObject({ result: 'inconclusive', cause: 'no_samples', severity: 'warn' })
  expect(await findingOf(spaced, { gemini: () => ok, breaker: [] })).toMatchObject({
    result: 'inconclusive',
    cause: 'no_samples',
    severity: 'error',
  })
})

it('takes what overlaps for no retry, and says that it cannot tell', async () => {
  const hedged = inOutage(
    call([
      { afterMs: 1, lastsMs: 60, status: 200 },
      { afterMs: -40, lastsMs: 30, status: 200 },
    ]),
  )
  expect(await findingOf(spaced, hedged)).toMatchObject({ result: 'inconclusive', cause: 'attempts_unseen' })
})

it('believes no wait that a fault of the network may have lengthened', async () => {
  const toxic = { type: 'latency' as const, attributes: { latency: 500, jitter: 0 } }
  const slow = { ...outage, fault: { made: 'network' as const, is: 'toxic' as const, stream: 'downstream' as const, toxicity: 1, toxic } }
  const story = { ...inOutage(call(answered([503, 200], 520))), plan: { faults: [slow] } }
  expect(await findingOf(spaced, story)).toMatchObject({ result: 'inconclusive', cause: 'attempts_unseen' })
})
