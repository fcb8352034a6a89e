import { expect, it } from 'vitest'
import type { Criterion } from '../../../src/criteria/criteria.ts'
import type { Ability } from '../../../src/plan/ability.ts'
import { type Answer, type Story, findingOf, ok, planOf } from '../../judge/history.ts'
import { health } from '../../judge/criteria.ts'
import { answered, call, inOutage, reading } from './calls.ts'

const thrice: Criterion = { kind: 'attempts_reach', upstream: 'gemini', least: 3 }

it('passes a gateway that tries as often as it should, and one that tries more often', async () => {
  expect(await findingOf(thrice, reading(call(answered([503, 503, 503], 100))))).toMatchObject({ result: 'pass', measured: 3, bound: 3 })
  expect(await findingOf(thrice, reading(call(answered([503, 503, 503, 503], 100))))).toMatchObject({ result: 'pass', measured: 3 })
})

it('fails one that gives up an attempt early', async () => {
  expect(await findingOf(thrice, reading(call(answered([503, 503], 100))))).toMatchObject({
    result: 'fail',
    cause: 'gave_up_early',
    severity: 'error',
    why: expect.stringMatching(/^(\d+) of \1 requests that kept failing given up after 2 attempts at most, promised 3$/) as string,
  })
})

/** Of the requests that fail, every so-many-th is tried as often as it should, the others twice. */
const inTurn = (every: number): Story => {
  const full = call(answered([503, 503, 503], 5))
  const short = call(answered([503, 503], 5))
  const story = reading(full)
  let failed = 0
  return {
    ...story,
    gemini: (dueMs, index) => (story.gemini!(dueMs, index) === full && failed++ % every > 0 ? short : story.gemini!(dueMs, index)),
  }
}

it('fails one that tries only some of them so often', async () => {
  for (const every of [2, 10])
    expect(await findingOf(thrice, inTurn(every))).toMatchObject({ result: 'fail', cause: 'gave_up_early', measured: 2 })
})

it('forgives a few, as many as had no time left', async () => {
  const story = inTurn(1)
  let failed = 0
  const full = call(answered([503, 503, 503], 5))
  const gemini: NonNullable<Story['gemini']> = (dueMs, index) => {
    const answer = story.gemini!(dueMs, index)
    return answer !== 'not sent' && answer.attempts === 3 ? (failed++ % 20 === 0 ? call(answered([503], 5)) : full) : answer
  }
  expect(await findingOf(thrice, { ...story, gemini })).toMatchObject({ result: 'pass' })
})

it('expects no attempt after an answer that had begun, nor after one that asked to wait', async () => {
  const fine = call(answered([503, 503, 503], 5))
  const toldToWait = call([{ afterMs: 1, lastsMs: 10, status: 503, retryAfterMs: 60_000 }])
  const broken: Answer = { ...call(answered([200], 5)), spoiled: 'last', outcome: 'connection_error' }
  for (const other of [toldToWait, broken]) {
    const story = reading(fine)
    let failed = 0
    const gemini: NonNullable<Story['gemini']> = (dueMs, index) =>
      story.gemini!(dueMs, index) === fine && failed++ % 2 > 0 ? other : story.gemini!(dueMs, index)
    expect(await findingOf(thrice, { ...story, gemini })).toMatchObject({ result: 'pass' })
  }
})

it('blames no gateway for attempts that a stall of the harness used up', async () => {
  const story = reading(call(answered([503, 503], 100)))
  expect(await findingOf(thrice, { ...story, also: [health(13_000, 'upstreams', 8000)] })).toMatchObject({
    result: 'inconclusive',
    cause: 'harness_unhealthy',
  })
})

it('cannot tell of a gateway whose breaker was open, and may have refused the next attempt', async () => {
  const breaker: Story['breaker'] = [
    ['open', 13_000],
    ['half_open', 14_000],
    ['closed', 14_100],
  ]
  const during = { ...thrice, during: ['outage'] }
  const story = reading(call(answered([503, 503], 100)))
  expect(await findingOf(during, { ...story, breaker })).toMatchObject({
    result: 'inconclusive',
    why: "gemini's breaker was open meanwhile, and may have refused the attempts that are missing",
  })
  const after = breaker.map(([state, atMs]): [typeof state, number] => [state, atMs + 20_000])
  expect(await findingOf(during, { ...story, breaker: after })).toMatchObject({ result: 'fail', cause: 'gave_up_early' })
})

it('expects no repeats of what may not be repeated', async () => {
  const posts = { ...inOutage({ ...call(answered([503], 0)), method: 'POST' }), perSecond: 200 }
  expect(await findingOf(thrice, posts)).toMatchObject({ result: 'inconclusive', cause: 'no_samples' })
})

it('only warns where the gateway tries nothing again, and nobody expects it to', async () => {
  const never = (expects: Ability[]): Story => {
    const story = reading(call(answered([503], 0)))
    const { gateway } = planOf()
    return { ...story, plan: { ...story.plan, gateway: { ...gateway, expects: { gemini: expects } } } }
  }
  expect(await findingOf(thrice, never([]))).toMatchObject({ result: 'fail', cause: 'gave_up_early', severity: 'warn' })
  expect(await findingOf(thrice, never(['retry']))).toMatchObject({ result: 'fail', severity: 'error' })
})

it('calls nothing given up early that a stopped run cut', async () => {
  const cut: Answer = { ...call(answered([0], 0)), outcome: 'client_timeout', client: { error: 'halted' } }
  expect(await findingOf(thrice, reading(cut))).toMatchObject({ result: 'inconclusive', cause: 'no_samples' })
})

it('knows nothing where nothing failed', async () => {
  expect(await findingOf(thrice, { gemini: () => ok, breaker: [] })).toMatchObject({ result: 'inconclusive', cause: 'no_samples' })
})

it('knows nothing where every request that failed was mended in time', async () => {
  expect(await findingOf(thrice, reading(call(answered([503, 200], 100))))).toMatchObject({ result: 'inconclusive', cause: 'no_samples' })
})

it('is no judge of attempts without request ids', async () => {
  const hidden = { ...call(answered([503, 503], 5)), anonymous: true }
  expect(await findingOf(thrice, reading(hidden))).toMatchObject({
    result: 'inconclusive',
    why: expect.stringContaining('x-request-id') as string,
  })
})
