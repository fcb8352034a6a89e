import { expect, it } from 'vitest'
import { type Criterion, builders, knownCriterion } from '../../../src/criteria/criteria.ts'
import type { Plan } from '../../../src/plan/plan.ts'
import { crowded } from '../saturation/crowds.ts'
import { health } from '../../judge/criteria.ts'
import { type Answer, END, OUTAGE_END, OUTAGE_START, type Story, findingOf, ok, outage, planOf } from '../../judge/history.ts'

const after: Criterion = {
  kind: 'goodput_after',
  upstream: 'gemini',
  after: 'outage',
  withinMs: 5000,
  comparedWith: 'steady',
  above: 0.9,
}
const timeout: Answer = { outcome: 'timeout', latencyMs: 1000, attempts: 3, answered: 0 }

/** Five times the load from 12 s to 22 s, and no fault: an overload by requests alone. */
const load = (during = 200, since = 40): Plan['load'] => ({
  ...planOf().load,
  rate: [
    { fromMs: 0, toMs: OUTAGE_START, startPerSecond: 40, endPerSecond: 40 },
    { fromMs: OUTAGE_START, toMs: OUTAGE_END, startPerSecond: during, endPerSecond: during },
    { fromMs: OUTAGE_END, toMs: END, startPerSecond: since, endPerSecond: since },
  ],
})
const spike = (answer: (dueMs: number, index: number) => Answer, also: Story['also'] = []): Story => ({
  gemini: answer,
  breaker: [],
  plan: { faults: [], load: load() },
  also,
})
/** Timeouts from the spike on, until so many ms. */
const until = (ms: number): Story => spike((dueMs) => (dueMs >= OUTAGE_START && dueMs < ms ? timeout : ok))

it('passes when good answers come back, and fails when they stay away though load and capacity are as before', async () => {
  expect(await findingOf(after, until(26_000))).toMatchObject({
    result: 'pass',
    measured: 1,
    unit: 'ratio',
    bound: 0.9,
    why: expect.stringMatching(
      /^20 good answers a second for 20 asked, and 20 good answers a second for 20 asked in steady: 100 %/,
    ) as string,
  })
  expect(await findingOf(after, until(END))).toMatchObject({
    result: 'fail',
    cause: 'stays_low',
    measured: 0,
    why: expect.stringMatching(
      /^0 good answers a second for 20 asked, and 20 .+ in steady: 0 % .+ with load and capacity as before$/,
    ) as string,
  })
  // It recovers, and too late.
  expect(await findingOf(after, until(45_000))).toMatchObject({ result: 'fail', cause: 'stays_low' })
})

it('compares with what was before: an upstream that always fails some requests is as before', async () => {
  const poor = (more: number): Story =>
    spike((dueMs, index) => (Math.floor(index / 2) % 5 === 0 || (dueMs > OUTAGE_END && Math.floor(index / 2) % 5 < more) ? timeout : ok))
  expect(await findingOf({ ...after, above: 0.8 }, poor(0))).toMatchObject({ result: 'pass' })
  expect(await findingOf({ ...after, above: 0.8 }, poor(3))).toMatchObject({ result: 'fail' })
})

it('is undecided near the limit, and without requests or good answers to compare', async () => {
  const some = (share: number): Story => spike((dueMs, index) => (dueMs > 27_000 && Math.floor(index / 2) % 100 < share ? timeout : ok))
  expect(await findingOf(after, some(9))).toMatchObject({ result: 'inconclusive', cause: 'too_few_samples' })
  expect(
    await findingOf(
      after,
      spike(() => timeout),
    ),
  ).toMatchObject({
    result: 'inconclusive',
    cause: 'no_samples',
    why: 'no request of steady was answered well',
  })
  expect(await findingOf(after, { ...spike(() => ok), cutMs: 21_000 })).toMatchObject({ result: 'inconclusive' })
  const unsent: Story = { ...spike(() => ok), gemini: (dueMs, index) => (dueMs > OUTAGE_END && index % 4 === 0 ? 'not sent' : ok) }
  expect(await findingOf(after, unsent)).toMatchObject({ result: 'inconclusive', cause: 'load_not_delivered' })
})

it('takes good answers that no upstream gave for no pass', async () => {
  const made: Story = spike((dueMs, index) => (dueMs > OUTAGE_END && index % 6 === 0 ? { ...ok, attempts: 0 } : ok))
  expect(await findingOf(after, made)).toMatchObject({ result: 'inconclusive', cause: 'contradiction' })
  const spoiled: Story = spike((dueMs) => (dueMs > OUTAGE_END ? { ...ok, spoiled: 'last' } : ok))
  expect(await findingOf(after, spoiled)).toMatchObject({ result: 'fail', cause: 'stays_low' })
  const kept: Story = spike((dueMs) => (dueMs > OUTAGE_END ? { outcome: 'fallback', latencyMs: 1, attempts: 0 } : ok))
  expect(await findingOf(after, kept)).toMatchObject({ result: 'fail', cause: 'stays_low' })
})

it('cannot tell when nothing overloaded the upstream', async () => {
  expect(await findingOf(after, { faultSeen: false, breaker: [], gemini: () => ok })).toMatchObject({
    result: 'inconclusive',
    cause: 'fault_never_bit',
  })
  expect(await findingOf(after)).toMatchObject({ result: 'pass' })
  expect(await findingOf(after, crowded({ second: () => ({ ok: [150, 60] }) }))).toMatchObject({ result: 'pass' })
  expect(await findingOf(after, crowded({ second: () => ({}), seconds: 0 }))).toMatchObject({ cause: 'fault_never_bit' })
})

it('excuses the timeouts that a slow harness can have made, and no others', async () => {
  const unwell = Array.from({ length: 30 }, (_, at) => health(27_000 + at * 1000, 'load', 900))
  const some = (share: number, also: Story['also']): Story =>
    spike((dueMs, index) => (dueMs > 27_000 && Math.floor(index / 2) % 100 < share ? timeout : ok), also)
  expect(await findingOf(after, some(40, []))).toMatchObject({ result: 'fail' })
  expect(await findingOf(after, some(40, unwell))).toMatchObject({ result: 'inconclusive', cause: 'harness_unhealthy' })
  expect(await findingOf(after, some(40, unwell.slice(0, 1)))).toMatchObject({ result: 'fail' })
})

it('refuses a phase that is no overload, one that no quiet one follows, and one that too little follows', () => {
  const problems = (criterion: Criterion, change: Partial<Plan>): string =>
    knownCriterion(criterion)
      .check(planOf([], change))
      .map(({ message }) => message)
      .join()
  const spiked = { faults: [], load: load() }
  expect(problems(after, spiked)).toBe('')
  expect(problems(after, {})).toBe('')
  expect(problems(after, { faults: [], load: load(40) })).toBe(
    'phase "outage" is no overload of gemini: it has no fault, no crowd, and no more load than "steady"',
  )
  expect(problems(after, { faults: [], load: load(200, 60) })).toMatch(
    /^no phase with the load of "steady", and without a fault on gemini, follows/,
  )
  const second = { ...outage, id: 'F2', phase: 'recovery', startMs: OUTAGE_END, endMs: 30_000 }
  expect(problems(after, { faults: [outage, second] })).toMatch(/^no phase with the load of "steady"/)
  expect(problems({ ...after, withinMs: 40_000 }, spiked)).toBe('must be below the 38 s that follow "outage", got 40 s')
  expect(problems({ ...after, withinMs: 37_000 }, spiked)).toMatch(/^about \d+ requests for gemini are due in the time .+ it takes 29/)
})

it('is written with the upstream, the time that it may take, and the phase that it is compared with', () => {
  const written = builders.goodputAfter('outage').of('gemini').within('5s')
  expect(written.comparedWith('steady').criterion).toEqual(after)
  expect(written.comparedWith('steady', { above: '80%' }).criterion).toEqual({ ...after, above: 0.8 })
  expect(knownCriterion(after).sentence).toBe('5 s after outage, goodput of gemini is above 90 % of that in steady')
})
