import { expect, it } from 'vitest'
import { backToBaseline } from '../../../src/criteria/builders.ts'
import { type Criterion, knownCriterion } from '../../../src/criteria/criteria.ts'
import { crowded } from '../saturation/crowds.ts'
import { health } from '../../judge/criteria.ts'
import { type Answer, type Story, findingOf, healthyBreaker, healthyGemini, ok, outage, planOf, rejected } from '../../judge/history.ts'

const back: Criterion = {
  kind: 'back_to_baseline',
  upstream: 'gemini',
  after: 'outage',
  comparedWith: 'steady',
  latencyRatio: 1.5,
  latencySlackMs: 20,
  errorRateBelow: 0.02,
}
const fallback: Answer = { outcome: 'fallback', latencyMs: 1, attempts: 0 }

/** From 30 s on, 8 s after the outage, gemini goes so. */
const later = (answer: (index: number) => Answer): Story => ({
  breaker: healthyBreaker,
  gemini: (dueMs, index) => (dueMs < 30_000 ? healthyGemini(dueMs) : answer(index)),
})

it('passes a gateway whose requests arrive, are answered and last as before', async () => {
  expect(await findingOf(back)).toMatchObject({ result: 'pass', measured: 4, bound: 4 })
  // A cache or shared calls let fewer arrive, before and since.
  const cached = (dueMs: number, index: number): Answer =>
    dueMs < 12_000 || dueMs > 22_300 ? (index % 3 === 0 ? ok : { ...ok, attempts: 1 }) : healthyGemini(dueMs)
  expect(await findingOf(back, { breaker: healthyBreaker, gemini: cached })).toMatchObject({ result: 'pass' })
})

it('fails one that is slower, fails more, or sends less to the upstream than before, each for its reason (J2, J10)', async () => {
  expect(
    await findingOf(
      back,
      later(() => ({ ...ok, latencyMs: 250 })),
    ),
  ).toMatchObject({
    result: 'fail',
    cause: 'not_back',
    why: expect.stringMatching(/^p95 of gemini\.generate was .+ before, and is .+ since \(allowed .+\)$/) as string,
  })
  expect(
    await findingOf(
      back,
      later((index) => (index % 12 === 0 ? { ...ok, outcome: 'upstream_error' } : ok)),
    ),
  ).toMatchObject({
    result: 'fail',
    why: expect.stringMatching(/^0 % failed or got a fallback before, and .+ since \(allowed 2 % more\)$/) as string,
  })
  expect(
    await findingOf(
      back,
      later(() => fallback),
    ),
  ).toMatchObject({
    result: 'fail',
    why: expect.stringContaining('100 % of requests of gemini.generate arrived at gemini before, and 0 % since') as string,
  })
  expect(
    await findingOf(
      back,
      later(() => rejected),
    ),
    // Of what failed: none was ok since, so that no latency was compared.
  ).toMatchObject({ result: 'fail', n: 382 })
})

it('forgives what is over in the time that it may take, and nothing later', async () => {
  expect(
    await findingOf(
      { ...back, withinMs: 9000 },
      later(() => ok),
    ),
  ).toMatchObject({ result: 'pass' })
  const slowUntil = (ms: number): Story => ({
    breaker: healthyBreaker,
    gemini: (dueMs) => (dueMs >= 22_300 && dueMs < ms ? { ...ok, latencyMs: 400 } : healthyGemini(dueMs)),
  })
  expect(await findingOf({ ...back, withinMs: 5000 }, slowUntil(26_900))).toMatchObject({ result: 'pass' })
  expect(await findingOf({ ...back, withinMs: 5000 }, slowUntil(40_000))).toMatchObject({ result: 'fail' })
})

it('tells routes apart', async () => {
  const [gemini, other] = planOf().load.mix
  const rare = { ...gemini!, route: 'gemini.embed', weight: 0.4 }
  const story: Story = { plan: { load: { ...planOf([], {}, 100).load, mix: [gemini!, other!, rare] } }, perSecond: 100 }
  expect(await findingOf(back, story)).toMatchObject({ result: 'pass', bound: 7 })
})

it('knows arrivals of a gateway that hides its request ids', async () => {
  const hidden = (after: Answer): Story => ({
    breaker: healthyBreaker,
    gemini: (dueMs) => ({ ...(dueMs < 30_000 ? healthyGemini(dueMs) : after), anonymous: true }),
    perSecond: 100,
  })
  expect(await findingOf(back, hidden(ok))).toMatchObject({ result: 'pass' })
  expect(await findingOf(back, hidden(fallback))).toMatchObject({ result: 'fail', cause: 'not_back' })
})

it('is undecided with too few requests, without any, and where good answers stand on nothing', async () => {
  expect(await findingOf(back, { breaker: [], gemini: () => ok, faultSeen: false })).toMatchObject({ cause: 'fault_never_bit' })
  const silent: Story = { breaker: healthyBreaker, gemini: (dueMs) => (dueMs < 30_000 ? healthyGemini(dueMs) : 'not sent') }
  expect(await findingOf(back, silent)).toMatchObject({ result: 'inconclusive' })
  expect(
    await findingOf(
      back,
      later((index) => (index % 30 ? ok : { ...ok, attempts: 0 })),
    ),
  ).toMatchObject({
    result: 'inconclusive',
    cause: 'contradiction',
  })
})

it('excuses what a stall or late sending can have made, and a gateway that is slow for everybody by nothing', async () => {
  const slowed = (share: number, also: Story['also']): Story => ({
    ...later((index) => ({ ...ok, latencyMs: index % 100 < share * 100 ? 300 : 50, lateMs: index % 100 < share * 100 ? 250 : 0 })),
    ...(also && { also }),
    perSecond: 100,
  })
  const unwell = Array.from({ length: 20 }, (_, at) => health(40_000 + at * 1000, 'load', 150))
  expect(await findingOf(back, slowed(0.1, unwell))).toMatchObject({ result: 'inconclusive', cause: 'harness_unhealthy' })
  const slow = later(() => ({ ...ok, latencyMs: 2000 }))
  expect(await findingOf(back, { ...slow, also: unwell })).toMatchObject({ result: 'fail', cause: 'not_back' })
})

it('refuses a phase without a fault, one that another fault follows, and one that too little follows', () => {
  const problems = (criterion: Criterion, change: Parameters<typeof planOf>[1] = {}): string =>
    knownCriterion(criterion)
      .check(planOf([], change))
      .map(({ message }) => message)
      .join()
  expect(problems(back)).toBe('')
  expect(problems({ ...back, after: 'steady' })).toBe('phase "steady" has no fault to come back from')
  expect(problems(back, { faults: [outage, { ...outage, id: 'F2', phase: 'recovery', startMs: 22_000, endMs: 30_000 }] })).toMatch(
    /^no phase without a fault on gemini follows "outage"/,
  )
  expect(problems({ ...back, withinMs: 40_000 })).toBe('must be below the 38 s that follow "outage", got 40 s')
  expect(problems({ ...back, withinMs: 37_500 })).toMatch(/^about \d+ requests for gemini are compared after "outage", and it takes 149/)
})

it('is written with the time that it may take, or without', () => {
  expect(backToBaseline('gemini').after('outage').comparedWith('steady').criterion).toEqual(back)
  expect(backToBaseline('gemini').after('outage').within('8s').comparedWith('steady').criterion).toEqual({ ...back, withinMs: 8000 })
})

it('compares with steady after a crowd too, and not where no crowd was seen', async () => {
  const was = (seconds: number, answer: Answer): Story => ({
    ...crowded({ second: () => ({ ok: [150, 60], shed: [900, 10] }), seconds }),
    gemini: (dueMs) => (dueMs < 22_000 ? ok : answer),
  })
  expect(await findingOf(back, was(10, ok))).toMatchObject({ result: 'pass' })
  expect(await findingOf(back, was(10, { ...ok, latencyMs: 250 }))).toMatchObject({ result: 'fail', cause: 'not_back' })
  expect(await findingOf(back, was(0, ok))).toMatchObject({
    result: 'inconclusive',
    cause: 'fault_never_bit',
    why: 'nothing saturated outage',
  })
  expect(knownCriterion(back).check(planOf([], was(10, ok).plan))).toEqual([])
})

it('excuses a breaker that a stall may have opened before the phases that are compared, as long as it may take to recover', async () => {
  const { phases } = planOf()
  phases.find(({ name }) => name === 'outage')!.endMs = 30_000
  phases.find(({ name }) => name === 'recovery')!.startMs = 30_000
  // After two failed probes recovery takes 20 s, up to a fifth more, and a probe up to 3 s: what opened at 27 s may refuse until 54 s.
  const closedAt = (closedMs: number, also: NonNullable<Story['also']>): Story => ({
    breaker: [...healthyBreaker.slice(0, 3), ['half_open', 25_000], ['open', 27_000], ['half_open', closedMs - 50], ['closed', closedMs]],
    gemini: (dueMs) => (dueMs >= 22_300 && dueMs < closedMs ? rejected : healthyGemini(dueMs)),
    plan: { phases },
    also,
  })
  const soon: Criterion = { ...back, withinMs: 2000 }
  const stalled = [health(26_900, 'load', 1500)]
  expect(await findingOf(soon, closedAt(37_150, stalled))).toMatchObject({ result: 'inconclusive', cause: 'harness_unhealthy' })
  expect(await findingOf(soon, closedAt(37_150, []))).toMatchObject({ result: 'fail', cause: 'not_back' })
  expect(await findingOf(soon, closedAt(57_000, stalled))).toMatchObject({ result: 'fail', cause: 'not_back' })
})
