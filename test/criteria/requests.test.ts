import { expect, it } from 'vitest'
import type { Criterion } from '../../src/criteria/criteria.ts'
import { type Answer, type Story, failing, findingOf, healthyGemini, ok, rejected, verdictOf } from '../judge/history.ts'

const p95: Criterion = { kind: 'latency', quantile: 0.95, outcomes: ['ok'], belowMs: 300, upstream: 'gemini', during: ['steady'] }
const errors: Criterion = { kind: 'error_rate', below: 0.001, during: ['recovery'] }
const good: Criterion = { kind: 'goodput', outcomes: ['ok', 'fallback'], above: 0.99, upstream: 'gemini', during: ['recovery'] }
const amplified: Criterion = { kind: 'amplification', upstream: 'gemini', during: ['outage'], below: 2 }
const quick: Criterion = { kind: 'fast_fail', upstream: 'gemini', during: ['outage'], quantile: 0.95, belowMs: 50 }
const safe: Criterion = { kind: 'no_unsafe_retries', upstream: 'gemini' }
const bystander: Criterion = {
  kind: 'unharmed',
  upstream: 'assemblyai',
  comparedWith: 'steady',
  latencyRatio: 1.5,
  latencySlackMs: 20,
  errorRateBelow: 0.01,
}

/** Every n-th request of gemini gets another answer from `fromMs` on. */
const now = (every: number, answer: Answer, fromMs = 0): NonNullable<Story['gemini']> => {
  let count = 0
  return (dueMs) => (dueMs >= fromMs && count++ % every === 0 ? answer : healthyGemini(dueMs))
}

it('passes a quantile whose bound lies below the limit, and tells the margin', async () => {
  const finding = await findingOf(p95)
  expect(finding).toMatchObject({
    result: 'pass',
    n: 1019,
    unit: 'ms',
    bound: 300,
    window: { fromMs: 2000, toMs: 12_000, phases: ['steady'] },
  })
  expect(finding.measured).toBeCloseTo(50, 0)
  expect(finding.margin).toBeCloseTo(0.833, 2)
})

it('marks a narrow pass', async () => {
  expect(await findingOf({ ...p95, belowMs: 52 })).toMatchObject({ result: 'pass', nearMiss: true })
})

it('fails a quantile that surely lies above the limit', async () => {
  const finding = await findingOf(p95, { gemini: now(10, { ...ok, latencyMs: 800 }) })
  expect(finding).toMatchObject({
    result: 'fail',
    cause: 'too_slow',
    why: 'p95 is 800 ms (800 ms to 800 ms) over 1,019 ok requests, promised below 300 ms',
  })
})

it('is not sure of a quantile near its limit, and says how many more would do', async () => {
  const finding = await findingOf(p95, { gemini: now(21, { ...ok, latencyMs: 800 }) })
  expect(finding).toMatchObject({ result: 'inconclusive', cause: 'too_few_samples' })
  expect(finding.needsMore).toBeGreaterThan(10_000)
  expect(finding.why).toMatch(/; needs about [\d,]+ more$/)
})

it('does not let quick rejections flatter a quantile', async () => {
  const story: Story = { gemini: (_, index) => (index % 2 ? rejected : { ...ok, latencyMs: 800 }) }
  expect(await findingOf(p95, story)).toMatchObject({ result: 'fail', cause: 'too_slow' })
})

it('counts a request that was given up as a slow one, whatever became of it', async () => {
  const givenUp = now(10, { outcome: 'client_timeout', latencyMs: 10_000, attempts: 1 })
  expect(await findingOf(p95, { gemini: givenUp })).toMatchObject({ result: 'fail', cause: 'too_slow', n: 1019 })
  const story: Story = { gemini: now(2, { outcome: 'client_timeout', latencyMs: 10_000, attempts: 1 }, 12_000) }
  const asked: Criterion = { ...p95, quantile: 0.5, during: ['outage'] }
  expect(await findingOf(asked, story)).toMatchObject({ result: 'fail', cause: 'too_slow' })
})

it('believes no good answer that the upstream did not give', async () => {
  const honest: Answer = { ...ok, answered: 200 }
  const swallowed: Answer = { ...ok, answered: 503 }
  const story = (bad: Answer, every: number): Story => ({
    gemini: (_, index) => (index % every === 0 ? bad : honest),
    assemblyai: () => honest,
  })
  for (const criterion of [errors, good, { ...p95, during: ['recovery'] }]) {
    expect(await findingOf(criterion, story(honest, 2))).toMatchObject({ result: 'pass' })
    expect(await findingOf(criterion, story(swallowed, 3))).toMatchObject({
      result: 'inconclusive',
      cause: 'contradiction',
      why: expect.stringMatching(/^[\d,]+ answers were ok by status, with no good answer of the upstream behind them/),
    })
  }
  // Few enough not to matter.
  expect(await findingOf({ ...good, above: 0.9 }, story(swallowed, 100))).toMatchObject({ result: 'pass' })
  const madeUp = await verdictOf([p95, errors], { gemini: () => ({ ...ok, attempts: 0 }), plan: { faults: [] } })
  expect(madeUp.result).toBe('inconclusive')
  expect(madeUp.validity.find(({ id }) => id === 'answered:gemini')).toMatchObject({ ok: false, measured: 0 })
})

it('has no opinion on a quantile when nothing was answered', async () => {
  const nothing: Story = { gemini: () => ({ outcome: 'connection_error', latencyMs: 1, attempts: 0 }) }
  expect(await findingOf(p95, nothing)).toMatchObject({ result: 'inconclusive', cause: 'no_samples', measured: null, n: 0, needsMore: 59 })
})

it('passes nothing about a misspelt upstream or phase', async () => {
  const criteria = [p95, errors, good, amplified, safe, quick].flatMap((criterion) => [
    { ...criterion, upstream: 'gemimi' },
    { ...criterion, during: ['recovry'] },
  ])
  const verdict = await verdictOf([...criteria, { ...bystander, comparedWith: 'steddy' }, { ...bystander, upstream: 'assembly' }])
  expect(verdict.counts).toEqual({ pass: 0, fail: 0, inconclusive: criteria.length + 2 })
  expect(verdict.result).toBe('inconclusive')
})

it('proves an error rate below 0.1 % by enough clean requests', async () => {
  const wide = await findingOf(errors)
  expect(wide).toMatchObject({ result: 'fail', cause: 'too_many_errors' })
  const steady: Story = { gemini: () => ok, breaker: [], plan: { faults: [] } }
  expect(await findingOf(errors, steady)).toMatchObject({
    result: 'pass',
    n: 7600,
    measured: 0,
    margin: 1,
    why: expect.stringMatching(/^0 of 7,600 failed/),
  })
  expect(await findingOf({ ...errors, upstream: 'gemini', during: ['steady'] }, steady)).toMatchObject({
    result: 'inconclusive',
    cause: 'too_few_samples',
    needsMore: 2995 - 1019,
  })
})

it('counts a fallback as neither error nor success', async () => {
  const story: Story = { gemini: (dueMs) => (healthyGemini(dueMs) === ok ? ok : { ...healthyGemini(dueMs), outcome: 'fallback' }) }
  expect(await findingOf({ ...errors, during: ['outage'], below: 0.1 }, story)).toMatchObject({ result: 'pass', measured: 0 })
  expect(await findingOf({ ...good, during: ['outage'], outcomes: ['ok'] }, story)).toMatchObject({
    result: 'fail',
    cause: 'too_little_goodput',
  })
  expect(await findingOf({ ...good, during: ['outage'] }, story)).toMatchObject({ result: 'pass', measured: 1 })
})

it('holds goodput to its limit from above', async () => {
  expect(await findingOf({ ...good, during: ['steady'] })).toMatchObject({ result: 'pass', measured: 1, bound: 0.99, margin: 0.010101 })
  const finding = await findingOf(good, { gemini: now(20, failing) })
  expect(finding).toMatchObject({ result: 'fail', cause: 'too_little_goodput', unit: 'ratio' })
  expect(finding.margin).toBeLessThan(0)
})

it('counts attempts per request at the upstream', async () => {
  expect(await findingOf(amplified)).toMatchObject({ result: 'pass', unit: 'per_call', n: 1007 })
  const storm: Story = { gemini: (dueMs) => (dueMs >= 12_000 && dueMs < 22_000 ? { ...failing, attempts: 3 } : ok), breaker: [] }
  expect(await findingOf(amplified, storm)).toMatchObject({
    result: 'fail',
    cause: 'retry_storm',
    measured: 3,
    interval: [3, expect.closeTo(3.009, 3)],
    why: '3,021 arrivals for 1,007 requests: 3 each (3 to 3.01), promised below 2',
  })
  expect(await findingOf({ ...amplified, below: 3 }, storm)).toMatchObject({ result: 'fail', measured: 3, bound: 3 })
})

it('bounds amplification more widely when the gateway passes no request ids on', async () => {
  const anonymous: Story = { gemini: () => ({ ...ok, attempts: 1, anonymous: true }), breaker: [] }
  const finding = await findingOf({ ...amplified, during: ['steady'] }, anonymous)
  expect(finding).toMatchObject({ result: 'pass', measured: 1 })
  expect(finding.interval![1]).toBeCloseTo(1.052, 3)
})

it('times what an open breaker refuses, and leaves out what failed slowly before', async () => {
  const refused: Answer = { outcome: 'fallback', latencyMs: 2, attempts: 0 }
  const story: Story = {
    gemini: (dueMs) =>
      dueMs < 12_000 || dueMs >= 22_300 ? ok : dueMs < 12_100 ? { ...failing, outcome: 'fallback', latencyMs: 900 } : refused,
  }
  const finding = await findingOf(quick, story)
  expect(finding).toMatchObject({ result: 'pass', unit: 'ms' })
  expect(finding.measured).toBeCloseTo(2, 1)
  expect(
    await findingOf(quick, {
      gemini: (dueMs) => (healthyGemini(dueMs) === rejected ? { ...rejected, latencyMs: 400 } : healthyGemini(dueMs)),
    }),
  ).toMatchObject({
    result: 'fail',
    cause: 'slow_rejection',
  })
  expect(await findingOf(quick, { gemini: () => ok, breaker: [] })).toMatchObject({ result: 'inconclusive', cause: 'no_samples' })
})

it('finds unsafe requests that arrived twice, and shows the first', async () => {
  expect(await findingOf(safe)).toMatchObject({ result: 'pass', measured: 0, margin: null, nearMiss: false })
  const twice: Story = { gemini: (dueMs) => (dueMs > 12_000 && dueMs < 12_100 ? { ...failing, attempts: 2 } : healthyGemini(dueMs)) }
  expect(await findingOf(safe, twice)).toMatchObject({
    result: 'fail',
    cause: 'unsafe_retry',
    measured: 10,
    bound: 0,
    why: expect.stringMatching(/^10 of [\d,]+ unsafe arrivals were repeats \(first POST generate r7-\w+ at 12.0 s, attempt 2\)$/),
  })
})

it('lets requests be repeated that are safe to repeat', async () => {
  const story: Story = { gemini: (_, index) => (index % 2 ? ok : { ...ok, attempts: 2, idempotent: true }) }
  expect(await findingOf(safe, story)).toMatchObject({ result: 'pass' })
  const onlySafe: Story = { gemini: () => ({ ...ok, attempts: 2, idempotent: true }) }
  expect(await findingOf(safe, onlySafe)).toMatchObject({ result: 'inconclusive', cause: 'no_samples' })
})

it('cannot tell repeats without request ids, and says so', async () => {
  const finding = await findingOf(safe, { gemini: () => ({ ...ok, anonymous: true }) })
  expect(finding).toMatchObject({ result: 'inconclusive', cause: 'no_samples', why: expect.stringContaining('x-request-id') })
})

it('takes no arrival for a first one that hides its request id', async () => {
  const foreign: Answer = { ...ok, foreignId: true }
  expect(await findingOf(safe, { gemini: () => foreign })).toMatchObject({
    result: 'inconclusive',
    cause: 'no_samples',
    why: expect.stringContaining('unsafe requests arrived without the x-request-id of their client, so repeats cannot be told'),
  })
  const one = (change: Partial<Answer>): Story => ({ gemini: (_, index) => (index === 4000 ? { ...ok, ...change } : healthyGemini(_)) })
  expect(await findingOf(safe, one({}))).toMatchObject({ result: 'pass' })
  expect(await findingOf(safe, one({ anonymous: true }))).toMatchObject({ result: 'inconclusive', measured: 0 })
  expect(await findingOf(safe, one({ foreignId: true }))).toMatchObject({ result: 'inconclusive', measured: 0 })
})

it('knows of repeats without any request id when more arrive than were asked for', async () => {
  const story: Story = { gemini: (_, index) => ({ ...ok, foreignId: true, attempts: index % 10 === 0 ? 2 : 1 }) }
  expect(await findingOf(safe, story)).toMatchObject({
    result: 'fail',
    cause: 'unsafe_retry',
    why: expect.stringMatching(/^at least [\d,]+ of [\d,]+ unsafe arrivals were repeats: only [\d,]+ requests were sent/),
  })
})

it('compares a bystander with itself', async () => {
  expect(await findingOf(bystander)).toMatchObject({ result: 'pass', unit: 'ms' })
  const slow: Story = { assemblyai: (dueMs) => ({ ...ok, latencyMs: dueMs >= 12_000 && dueMs < 22_000 ? 200 : 50 }) }
  expect(await findingOf(bystander, slow)).toMatchObject({ result: 'fail', cause: 'harmed', unit: 'ms' })
  const broken: Story = { assemblyai: (dueMs, index) => (dueMs >= 12_000 && dueMs < 22_000 && index % 8 === 0 ? failing : ok) }
  expect(await findingOf(bystander, broken)).toMatchObject({ result: 'fail', cause: 'harmed', unit: 'ratio' })
})

it('compares a bystander with nothing only in vain', async () => {
  const silent: Story = { assemblyai: (dueMs) => (dueMs < 12_000 ? ok : 'not sent') }
  expect(await findingOf(bystander, silent)).toMatchObject({ result: 'inconclusive' })
  const late: Story = { assemblyai: (dueMs) => (dueMs < 12_000 ? 'not sent' : ok) }
  expect(await findingOf(bystander, late)).toMatchObject({ result: 'inconclusive' })
})
