import { expect, it } from 'vitest'
import type { Criterion } from '../../src/criteria/criteria.ts'
import { type Answer, type Story, failing, findingOf, healthyGemini, ok } from '../judge/history.ts'

const safe: Criterion = { kind: 'no_unsafe_retries', upstream: 'gemini' }

it('passes when every unsafe request arrived once', async () => {
  expect(await findingOf(safe)).toMatchObject({ result: 'pass', measured: 0, margin: null, nearMiss: false })
})

it('finds unsafe requests that arrived twice, and shows the first', async () => {
  const twice: Story = {
    gemini: (dueMs) => (dueMs > 12_000 && dueMs < 12_100 ? { ...failing, attempts: 2 } : healthyGemini(dueMs)),
    perSecond: 200,
  }
  const finding = await findingOf(safe, twice)
  expect(finding).toMatchObject({ result: 'fail', cause: 'unsafe_retry', bound: 0 })
  expect(finding.measured).toBeGreaterThan(5)
  expect(finding.measured).toBeLessThan(20)
  expect(finding.why).toMatch(/^\d+ of [\d,]+ unsafe arrivals were repeats \(first POST generate r7-\w+ at 12\.0 s\)$/)
})

it('lets requests be repeated that are safe to repeat', async () => {
  const story: Story = { gemini: (_, index) => (index % 2 ? ok : { ...ok, attempts: 2, method: 'GET' }) }
  expect(await findingOf(safe, story)).toMatchObject({ result: 'pass' })
  const onlySafe: Story = { gemini: () => ({ ...ok, attempts: 2, method: 'GET' }) }
  expect(await findingOf(safe, onlySafe)).toMatchObject({ result: 'inconclusive', cause: 'no_samples' })
})

it('takes a repeat for safe only when all attempts carry one and the same key (J7)', async () => {
  const repeated = (keys: 'same' | 'fresh'): Story => ({
    gemini: (_, index) => (index % 4 ? ok : { ...ok, attempts: 2, keys }),
  })
  expect(await findingOf(safe, repeated('fresh'))).toMatchObject({
    result: 'fail',
    cause: 'unsafe_retry',
    why: expect.stringMatching(/^\d+ of [\d,]+ unsafe arrivals were repeats \(first POST generate r7-/),
  })
  expect(await findingOf(safe, repeated('same'))).toMatchObject({
    result: 'pass',
    why: expect.stringMatching(/arrived, each once, or with one key for all its attempts$/),
  })
})

it('knows a repeat under an id that the gateway gave it', async () => {
  const story: Story = { gemini: (_, index) => (index % 4 ? ok : { ...ok, attempts: 2, ownId: true }) }
  expect(await findingOf(safe, story)).toMatchObject({ result: 'fail', cause: 'unsafe_retry' })
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
  const one = (change: Partial<Answer>): Story => {
    let count = 0
    return { gemini: (dueMs) => (dueMs > 30_000 && count++ === 0 ? { ...ok, ...change } : healthyGemini(dueMs)), perSecond: 200 }
  }
  expect(await findingOf(safe, one({}))).toMatchObject({ result: 'pass' })
  expect(await findingOf(safe, one({ anonymous: true }))).toMatchObject({ result: 'inconclusive', measured: 0 })
  expect(await findingOf(safe, one({ foreignId: true }))).toMatchObject({ result: 'inconclusive', measured: 0 })
})

it('knows of repeats without any request id when more arrive than were asked for', async () => {
  const gemini: Story['gemini'] = (_, index) => ({ ...ok, foreignId: true, attempts: index % 10 === 0 ? 2 : 1 })
  expect(await findingOf(safe, { gemini, perSecond: 200 })).toMatchObject({
    result: 'fail',
    cause: 'unsafe_retry',
    why: expect.stringMatching(/^at least [\d,]+ of [\d,]+ unsafe arrivals were repeats: only [\d,]+ requests were sent/),
  })
})

it('knows of repeats without any request id where one request was under way at a time', async () => {
  const seldom = (attempts: number): Story => ({
    gemini: (_, index) => ({ ...ok, latencyMs: 5, anonymous: true, attempts: index % 9 ? 1 : attempts }),
  })
  expect(await findingOf(safe, seldom(2))).toMatchObject({ result: 'fail', cause: 'unsafe_retry' })
  expect(await findingOf(safe, seldom(1))).toMatchObject({ result: 'pass' })
})
