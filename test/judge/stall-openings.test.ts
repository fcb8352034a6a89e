import { expect, it } from 'vitest'
import type { Criterion } from '../../src/criteria/criteria.ts'
import type { BreakerState } from '../../src/contract/breaker-events.ts'
import { type Answer, type Story, failing, findingOf, healthyBreaker, healthyGemini, ok, rejected } from './history.ts'
import { health } from './criteria.ts'

// Recovery takes 5 s and up to a fifth more, and a probe up to 3 s: what opened at 1.3 s may refuse until 10.3 s.
const steadyErrors: Criterion = { kind: 'error_rate', upstream: 'gemini', below: 0.05, during: ['steady'] }
const inconclusive = { result: 'inconclusive', cause: 'harness_unhealthy' }
const stallOf = (lastsMs: number, toldMs = 1400): NonNullable<Story['also']> => [health(toldMs, 'load', lastsMs)]

/** Open before the fault, from one time to another. */
function openOnce(fromMs: number, toMs: number, also: NonNullable<Story['also']>, refusal: Answer = rejected): Story {
  const breaker: [BreakerState, number][] = [['open', fromMs], ['half_open', toMs - 50], ['closed', toMs], ...healthyBreaker]
  return { breaker, also, gemini: (dueMs) => (dueMs >= fromMs && dueMs < toMs ? refusal : healthyGemini(dueMs)) }
}

it('excuses what a breaker refuses in a phase after the stall that may have opened it', async () => {
  expect(await findingOf(steadyErrors, openOnce(1300, 6400, stallOf(1200)))).toMatchObject({
    ...inconclusive,
    why: expect.stringContaining("stalls may have opened gemini's breaker at 1.3") as string,
  })
  const total: Criterion = { kind: 'error_rate', below: 0.05, during: ['steady'] }
  expect(await findingOf(total, openOnce(1300, 6400, stallOf(1200)))).toMatchObject(inconclusive)
  const goodput: Criterion = { kind: 'goodput', upstream: 'gemini', outcomes: ['ok'], above: 0.95, during: ['steady'] }
  expect(await findingOf(goodput, openOnce(1300, 6400, stallOf(1200)))).toMatchObject(inconclusive)
})

it('blames the gateway for a breaker that opened without a stall, after a short one, or long after it', async () => {
  const failed = { result: 'fail', cause: 'too_many_errors' }
  expect(await findingOf(steadyErrors, openOnce(1300, 6400, []))).toMatchObject(failed)
  expect(await findingOf(steadyErrors, openOnce(1300, 6400, stallOf(400)))).toMatchObject(failed)
  expect(await findingOf(steadyErrors, openOnce(3500, 8600, stallOf(1200)))).toMatchObject(failed)
})

it('blames the gateway for what its breaker refuses beyond its recovery', async () => {
  expect(await findingOf(steadyErrors, openOnce(1300, 11_800, stallOf(1200)))).toMatchObject({ result: 'fail', cause: 'too_many_errors' })
  const until = (toMs: number): Story => openOnce(1300, toMs, stallOf(1200))
  expect(await findingOf(steadyErrors, until(10_300))).toMatchObject(inconclusive)
})

it('blames the gateway for an opening amid a fault, whatever stalled', async () => {
  const outageErrors: Criterion = { kind: 'error_rate', upstream: 'gemini', below: 0.05, during: ['outage'] }
  expect(await findingOf(outageErrors, { also: stallOf(1200, 11_900) })).toMatchObject({ result: 'fail', cause: 'too_many_errors' })
})

it('excuses a failed probe after the fault by a stall at the probe, and the longer recovery that follows it', async () => {
  const breaker: [BreakerState, number][] = [
    ...healthyBreaker.slice(0, 3),
    ['half_open', 25_000],
    ['open', 27_000],
    ['half_open', 37_100],
    ['closed', 37_150],
  ]
  const phases = [
    { name: 'warm-up', startMs: 0, endMs: 2000, warmUp: true, expected: 0 },
    { name: 'steady', startMs: 2000, endMs: 12_000, warmUp: false, expected: 0 },
    { name: 'outage', startMs: 12_000, endMs: 30_000, warmUp: false, expected: 0 },
    { name: 'recovery', startMs: 30_000, endMs: 60_000, warmUp: false, expected: 0 },
  ]
  const recovery: Criterion = { ...steadyErrors, during: ['recovery'] }
  const story = (also: NonNullable<Story['also']>): Story => ({
    breaker,
    also,
    plan: { phases },
    gemini: (dueMs) => (dueMs >= 22_300 && dueMs < 37_150 ? rejected : healthyGemini(dueMs)),
  })
  expect(await findingOf(recovery, story(stallOf(1500, 26_900)))).toMatchObject(inconclusive)
  expect(await findingOf(recovery, story([]))).toMatchObject({ result: 'fail' })
})

it('excuses errors of a gateway that marks no refusal, but none that the upstream gave', async () => {
  const unmarked: Answer = { outcome: 'upstream_error', latencyMs: 1, attempts: 0 }
  const story = (refusal: Answer): Story => {
    const opened = openOnce(1300, 6400, stallOf(1200), refusal)
    return { ...opened, gemini: (dueMs, index) => (opened.gemini!(dueMs, index) === rejected ? unmarked : opened.gemini!(dueMs, index)) }
  }
  expect(await findingOf(steadyErrors, story(unmarked))).toMatchObject(inconclusive)
  expect(await findingOf(steadyErrors, story(failing))).toMatchObject({ result: 'fail' })
})

it('excuses fallbacks in place of refusals, where they are few by promise', async () => {
  const fallback: Answer = { outcome: 'fallback', latencyMs: 1, attempts: 0 }
  const few: Criterion = { kind: 'fallbacks_below', upstream: 'gemini', below: 0.05, during: ['steady'] }
  expect(await findingOf(few, openOnce(1300, 6400, stallOf(1200), fallback))).toMatchObject(inconclusive)
  expect(await findingOf(few, openOnce(1300, 11_800, stallOf(1200), fallback))).toMatchObject({ result: 'fail' })
  const goodput: Criterion = { kind: 'goodput', upstream: 'gemini', outcomes: ['ok'], above: 0.95, during: ['steady'] }
  expect(await findingOf(goodput, openOnce(1300, 6400, stallOf(1200), fallback))).toMatchObject(inconclusive)
})

it('excuses a breaker that is still open in a phase that must see it closed, as long as it may recover', async () => {
  const stays: Criterion = { kind: 'stays_closed', upstream: 'gemini', during: ['steady'] }
  expect(await findingOf(stays, openOnce(1300, 6400, stallOf(1200)))).toMatchObject(inconclusive)
  expect(await findingOf(stays, openOnce(1300, 11_800, stallOf(1200)))).toMatchObject({ result: 'fail', cause: 'unexpected_transition' })
  expect(await findingOf(stays, openOnce(1300, 6400, []))).toMatchObject({ result: 'fail', cause: 'unexpected_transition' })
})

it('excuses a bystander whose breaker a stall may have opened before others failed, with or without fallbacks', async () => {
  const bystander: Criterion = {
    kind: 'unharmed',
    upstream: 'assemblyai',
    comparedWith: 'steady',
    latencyRatio: 1.5,
    latencySlackMs: 20,
    errorRateBelow: 0.01,
  }
  const phases = [
    { name: 'steady', startMs: 0, endMs: 8000, warmUp: false, expected: 0 },
    { name: 'calm', startMs: 8000, endMs: 12_000, warmUp: false, expected: 0 },
    { name: 'outage', startMs: 12_000, endMs: 22_000, warmUp: false, expected: 0 },
    { name: 'recovery', startMs: 22_000, endMs: 60_000, warmUp: false, expected: 0 },
  ]
  const opened = { type: 'transition', upstream: 'assemblyai', cause: 'failures' } as const
  const story = (refusal: Answer, stall: NonNullable<Story['also']>): Story => ({
    perSecond: 100,
    plan: { phases },
    assemblyai: (dueMs) => (dueMs >= 11_000 && dueMs < 16_100 ? refusal : ok),
    also: [
      { ...opened, t: 11_000, from: 'closed', to: 'open', sequence: 90 },
      { ...opened, t: 16_050, from: 'open', to: 'half_open', sequence: 91 },
      { ...opened, t: 16_100, from: 'half_open', to: 'closed', sequence: 92 },
      ...stall,
    ],
  })
  const fallback: Answer = { outcome: 'fallback', latencyMs: 1, attempts: 0 }
  for (const refusal of [rejected, fallback]) {
    expect(await findingOf(bystander, story(refusal, stallOf(1200, 10_800)))).toMatchObject(inconclusive)
    expect(await findingOf(bystander, story(refusal, []))).toMatchObject({ result: 'fail', cause: 'harmed' })
  }
})
