import { expect, it } from 'vitest'
import { type Criterion, knownCriterion } from '../../src/criteria/criteria.ts'
import type { PlannedRoute } from '../../src/plan/plan.ts'
import { arrivals } from '../../src/plan/arrivals.ts'
import { type Answer, type Story, failing, findingOf, ok, planOf } from '../judge/history.ts'

const bystander: Criterion = {
  kind: 'unharmed',
  upstream: 'assemblyai',
  comparedWith: 'steady',
  latencyRatio: 1.5,
  latencySlackMs: 20,
  errorRateBelow: 0.01,
}

it('passes a bystander that did as well as before', async () => {
  expect(await findingOf(bystander, { perSecond: 100 })).toMatchObject({ result: 'pass', unit: 'ms' })
})

it('fails a bystander that became slow, or failed, while another upstream had a fault', async () => {
  const slow: Story = { assemblyai: (dueMs) => ({ ...ok, latencyMs: dueMs >= 12_000 && dueMs < 22_000 ? 200 : 50 }), perSecond: 100 }
  expect(await findingOf(bystander, slow)).toMatchObject({ result: 'fail', cause: 'harmed', unit: 'ms' })
  const broken: Story = { assemblyai: (dueMs, index) => (dueMs >= 12_000 && dueMs < 22_000 && index % 8 === 0 ? failing : ok) }
  expect(await findingOf(bystander, broken)).toMatchObject({ result: 'fail', cause: 'harmed', unit: 'ratio' })
})

const checkout: PlannedRoute = {
  route: 'checkout',
  reaches: [{ upstream: 'gemini', route: 'generate' }, { upstream: 'assemblyai' }],
  weight: 2,
  method: 'POST',
  paths: ['/checkout'],
  headers: {},
  bodies: [],
}

it('blames nobody for a route that reaches the upstream with the fault as well, and sees harm on the others all the same', async () => {
  const { load } = planOf([], {}, 200)
  const plan = { load: { ...load, mix: [...load.mix, checkout] } }
  expect(await findingOf(bystander, { plan })).toMatchObject({ result: 'pass' })
  const broken = (dueMs: number, index: number): Answer => (dueMs >= 12_000 && dueMs < 22_000 && index % 8 === 0 ? failing : ok)
  expect(await findingOf(bystander, { plan, assemblyai: broken })).toMatchObject({ result: 'fail', cause: 'harmed' })
})

it('refuses to compare where every route reaches the upstream with the fault as well', () => {
  const { load } = planOf()
  const planned = planOf([bystander], { load: { ...load, mix: [load.mix[0]!, checkout] } })
  expect(knownCriterion(bystander).check(planned)).toEqual([
    {
      at: 'upstream',
      message: 'every route that reaches "assemblyai" also reaches an upstream with a fault; add one that reaches "assemblyai" alone',
    },
  ])
})

it('compares a bystander with nothing only in vain', async () => {
  const silent: Story = { assemblyai: (dueMs) => (dueMs < 12_000 ? ok : 'not sent') }
  expect(await findingOf(bystander, silent)).toMatchObject({ result: 'inconclusive' })
  const late: Story = { assemblyai: (dueMs) => (dueMs < 12_000 ? 'not sent' : ok) }
  expect(await findingOf(bystander, late)).toMatchObject({ result: 'inconclusive' })
})

it('believes no bystander whose answers the upstream did not give', async () => {
  const madeUp: Story = {
    assemblyai: (dueMs, index) => (dueMs >= 12_000 && dueMs < 22_000 && index % 8 === 0 ? { ...ok, attempts: 0 } : ok),
    perSecond: 100,
  }
  expect(await findingOf(bystander, madeUp)).toMatchObject({ result: 'inconclusive', cause: 'contradiction' })
})

it('fails a bystander whose users got fallbacks, or whose breaker opened', async () => {
  const amid = (dueMs: number): boolean => dueMs >= 12_100 && dueMs < 22_000
  const fallback: Answer = { outcome: 'fallback', latencyMs: 1, attempts: 0 }
  let count = 0
  const served: Story = { assemblyai: (dueMs) => (amid(dueMs) && count++ % 30 ? fallback : ok), perSecond: 100 }
  expect(await findingOf(bystander, served)).toMatchObject({
    result: 'fail',
    cause: 'harmed',
    why: expect.stringMatching(/failed or got a fallback/) as string,
  })
  const opened: Story = {
    perSecond: 100,
    also: [
      { type: 'transition', t: 15_000, upstream: 'assemblyai', from: 'closed', to: 'open', cause: 'failures', sequence: 90 },
      { type: 'transition', t: 15_001, upstream: 'assemblyai', from: 'open', to: 'closed', cause: 'reset', sequence: 91 },
    ],
  }
  expect(await findingOf(bystander, opened)).toMatchObject({
    result: 'fail',
    cause: 'harmed',
    why: expect.stringMatching(/^its breaker opened at 15\.0 s, though nothing was wrong with assemblyai/) as string,
  })
})

it('allows a bystander the fallbacks and errors that it has when all is well', async () => {
  const usual = (one: Answer, n: number): Story => {
    let count = 0
    return { assemblyai: () => (count++ % n === 0 ? one : ok), perSecond: 200 }
  }
  const fallback: Answer = { outcome: 'fallback', latencyMs: 1, attempts: 0 }
  expect(await findingOf(bystander, usual(fallback, 150))).toMatchObject({ result: 'pass' })
  expect(await findingOf(bystander, usual(failing, 150))).toMatchObject({ result: 'pass' })
  // The more fail anyway, the more requests it takes to tell that no more do.
  const often = await findingOf(bystander, usual(fallback, 10))
  expect(often).toMatchObject({ result: 'inconclusive', cause: 'too_few_samples' })
  expect(often.needsMore).toBeGreaterThan(2000)
})

it('compares each route with itself, so that no quick one hides a slow one', async () => {
  const routes = (
    [
      ['gemini', 'any', 25],
      ['assemblyai', 'quick', 24],
      ['assemblyai', 'slow', 1],
    ] as const
  ).map(([upstream, route, weight]) =>
    Object.assign(structuredClone(planOf().load.mix[0]!), { route: `${upstream}.${route}`, reaches: [{ upstream, route }], weight }),
  )
  const perSecond = 600
  const { load } = planOf([], {}, perSecond)
  const plan = { load: { ...load, mix: routes } }
  const asked = Array.from(arrivals(planOf([], plan)), ({ route }) => route.route)
  // One request in 25 is four times as slow as it was: p95 of all does not show it.
  const story = (slowMs: number): Story => ({
    plan,
    perSecond,
    assemblyai: (dueMs, index) => ({
      ...ok,
      latencyMs: asked[index] === 'assemblyai.slow' && dueMs >= 12_000 && dueMs < 22_000 ? slowMs : 50,
    }),
  })
  const finding = await findingOf(bystander, story(200))
  expect(finding).toMatchObject({ result: 'fail', cause: 'harmed', unit: 'ms' })
  expect(finding.why).toMatch(/^p95 of assemblyai\.slow was 50 ms in steady and 200 ms while others failed/)
  expect(await findingOf(bystander, story(60))).toMatchObject({ result: 'pass' })
})

it('fails a bystander whose users got earlier answers that do not say so', async () => {
  const body = (dueMs: number): string => `body-${Math.floor(dueMs / 1000)}`
  const kept: Story = {
    assemblyai: (dueMs, index) =>
      dueMs >= 14_000 && dueMs < 22_000 && index % 3 === 0 ? { ...ok, attempts: 0, body: 'body-11' } : { ...ok, body: body(dueMs) },
    perSecond: 100,
  }
  expect(await findingOf(bystander, kept)).toMatchObject({ result: 'fail', cause: 'harmed', unit: 'ratio' })
})
