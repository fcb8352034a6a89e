import { expect, it } from 'vitest'
import type { Criterion } from '../../../../src/criteria/criteria.ts'
import { type Answer, type Story, failing, findingOf, ok, verdictOf } from '../../../judge/history.ts'

const errors = { kind: 'error_rate', below: 0.01, during: ['recovery'] } satisfies Criterion
const good = { kind: 'goodput', outcomes: ['ok'], above: 0.99, upstream: 'gemini', during: ['recovery'] } satisfies Criterion
const p95: Criterion = { kind: 'latency', quantile: 0.95, outcomes: ['ok'], belowMs: 300, upstream: 'gemini', during: ['recovery'] }

/** Every n-th answer is another one. */
const everyNth = (every: number, other: Answer, usual: Answer = ok): Story => ({
  gemini: (_, index) => (index % every === 0 ? other : usual),
})
const doubted = { result: 'inconclusive', cause: 'contradiction' } as const

it('believes no good answer that the upstream did not give', async () => {
  const lying = everyNth(3, { ...ok, answered: 503 })
  for (const criterion of [errors, good, p95]) {
    expect(await findingOf(criterion, everyNth(1, ok))).toMatchObject({ result: 'pass' })
    expect(await findingOf(criterion, lying)).toMatchObject({
      ...doubted,
      why: expect.stringMatching(/^[\d,]+ answers were ok by status, with no good answer of the upstream behind them/),
    })
  }
  // Of fallbacks alone nothing else is claimed.
  const fallbacks = everyNth(3, { ...ok, answered: 503 }, { ...ok, outcome: 'fallback' })
  expect(await findingOf({ ...good, outcomes: ['fallback'], above: 0.6 }, fallbacks)).toMatchObject({ result: 'pass' })
  // Few enough not to matter.
  expect(await findingOf({ ...good, above: 0.9 }, everyNth(100, { ...ok, answered: 503 }))).toMatchObject({ result: 'pass' })
})

it('believes no error disguised as 200 while the call of that very request goes on (J4)', async () => {
  // As many good answers as ok requests: totals tell nothing.
  const disguised = everyNth(5, { ...ok, latencyMs: 100, answeredAfterMs: 900 })
  for (const criterion of [errors, good, p95]) expect(await findingOf(criterion, disguised)).toMatchObject(doubted)
  const verdict = await verdictOf([errors], disguised)
  expect(verdict.validity.find(({ id }) => id === 'answered:gemini')).toMatchObject({ ok: true })
})

it('lets no good answer to one request stand for another (J4)', async () => {
  const hedged: Answer = { ...ok, attempts: 2, answered: 200, spoiled: 'first' }
  const story: Story = { gemini: (_, index) => (index % 5 === 0 ? { ...ok, attempts: 0 } : { ...hedged, method: 'GET' }) }
  expect(await findingOf(good, story)).toMatchObject(doubted)
})

it('believes a slow answer, and one that a second attempt got', async () => {
  const slow = everyNth(2, { ...ok, latencyMs: 250, answeredAfterMs: 200 })
  const retried = everyNth(2, { ...ok, attempts: 2, method: 'GET' })
  const repaired = everyNth(2, { ...ok, attempts: 2, method: 'GET', spoiled: 'first' })
  for (const story of [slow, retried, repaired])
    for (const criterion of [errors, good, p95]) expect(await findingOf(criterion, story)).toMatchObject({ result: 'pass' })
})

it('counts an answer that the upstream spoiled as an error, whatever its status (J1)', async () => {
  const lenient = everyNth(2, { ...ok, spoiled: 'last' })
  const failed = await findingOf({ ...errors, upstream: 'gemini' }, lenient)
  expect(failed).toMatchObject({ result: 'fail', cause: 'too_many_errors', measured: expect.closeTo(0.5, 1) })
  expect(failed.why).toMatch(/failed \(\d+ ok by status, with an answer that the upstream had spoiled\)/)
  expect(await findingOf(good, lenient)).toMatchObject({ result: 'fail', cause: 'too_little_goodput' })
  const harmed: Criterion = {
    kind: 'unharmed',
    upstream: 'assemblyai',
    comparedWith: 'steady',
    latencyRatio: 1.5,
    latencySlackMs: 20,
    errorRateBelow: 0.05,
  }
  const bystander: Story = { assemblyai: (dueMs) => (dueMs >= 12_000 && dueMs < 22_000 ? { ...ok, spoiled: 'last' } : ok) }
  expect(await findingOf(harmed, bystander)).toMatchObject({ result: 'fail', cause: 'harmed' })
})

it('does not count a spoiled answer twice that the gateway did not pass on', async () => {
  const caught = everyNth(20, { ...failing, answered: 200, spoiled: 'last' })
  const finding = await findingOf({ ...errors, upstream: 'gemini', below: 0.1 }, caught)
  expect(finding).toMatchObject({ result: 'pass', measured: expect.closeTo(0.05, 1) })
  expect(finding.why).not.toContain('spoiled')
})

it('counts good answers without an id for whichever request has none', async () => {
  const hidden = everyNth(2, { ...ok, anonymous: true })
  for (const criterion of [errors, good, p95]) expect(await findingOf(criterion, hidden)).toMatchObject({ result: 'pass' })
  const madeUp: Story = { gemini: (_, index) => ({ ...ok, anonymous: true, attempts: index % 3 === 0 ? 0 : 1 }) }
  expect(await findingOf(good, madeUp)).toMatchObject(doubted)
})

it('passes nothing of a gateway that makes up every answer', async () => {
  const madeUp = await verdictOf([p95, errors], { gemini: () => ({ ...ok, attempts: 0 }), plan: { faults: [] } })
  expect(madeUp.result).toBe('inconclusive')
  expect(madeUp.validity.find(({ id }) => id === 'answered:gemini')).toMatchObject({ ok: false, measured: 0 })
})
