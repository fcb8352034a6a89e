import { outcomeNames } from '../../src/contract/outcome.ts'
import { expect, it } from 'vitest'
import type { Criterion } from '../../src/criteria/criteria.ts'
import { type Answer, type Story, findingOf, ok, rejected } from '../judge/history.ts'
import { every } from './every.ts'

const p95 = { kind: 'latency', quantile: 0.95, outcomes: ['ok'], belowMs: 300, upstream: 'gemini', during: ['steady'] } satisfies Criterion
const givenUp: Answer = { outcome: 'client_timeout', latencyMs: 10_000, attempts: 1 }

it('passes a quantile whose bound lies below the limit, and tells the margin', async () => {
  const finding = await findingOf(p95)
  expect(finding).toMatchObject({
    result: 'pass',
    unit: 'ms',
    bound: 300,
    relation: 'below',
    latencyBound: { quantile: 0.95, outcomes: ['ok'], belowMs: 300, upstream: 'gemini' },
    window: { fromMs: 2000, toMs: 12_000, phases: ['steady'] },
  })
  expect(finding.n).toBeGreaterThan(180)
  expect(finding.measured).toBeCloseTo(50, 0)
  expect(finding.margin).toBeCloseTo(0.833, 2)
})

it('marks a narrow pass', async () => {
  expect(await findingOf({ ...p95, belowMs: 52 })).toMatchObject({ result: 'pass', nearMiss: true })
})

it('fails a quantile that surely lies above the limit', async () => {
  const finding = await findingOf(p95, { gemini: every(10, { ...ok, latencyMs: 800 }), perSecond: 200 })
  expect(finding).toMatchObject({ result: 'fail', cause: 'too_slow', measured: expect.closeTo(800, -1) })
  expect(finding.why).toMatch(/^p95 is 800 ms \(800 ms to 800 ms\) over 1,\d\d\d ok requests, promised below 300 ms$/)
})

it('is not sure of a quantile near its limit, and says how many more would do', async () => {
  const finding = await findingOf(p95, { gemini: every(21, { ...ok, latencyMs: 800 }), perSecond: 200 })
  expect(finding).toMatchObject({ result: 'inconclusive', cause: 'too_few_samples' })
  expect(finding.needsMore).toBeGreaterThan(10_000)
  expect(finding.why).toMatch(/; needs about [\d,]+ more$/)
})

it('does not let quick rejections flatter a quantile', async () => {
  const story: Story = { gemini: (_, index) => (index % 2 ? rejected : { ...ok, latencyMs: 800 }) }
  expect(await findingOf(p95, story)).toMatchObject({ result: 'fail', cause: 'too_slow' })
})

it('counts a request that was given up as a slow one, whatever became of it', async () => {
  const [all, finding] = [await findingOf(p95), await findingOf(p95, { gemini: every(5, givenUp) })]
  expect(finding).toMatchObject({ result: 'fail', cause: 'too_slow', n: all.n })
  const story: Story = { gemini: every(2, givenUp, 12_000) }
  const asked: Criterion = { ...p95, quantile: 0.5, during: ['outage'] }
  expect(await findingOf(asked, story)).toMatchObject({ result: 'fail', cause: 'too_slow' })
})

it('has no opinion on a quantile when nothing was answered', async () => {
  const nothing: Story = { gemini: () => ({ outcome: 'connection_error', latencyMs: 1, attempts: 0 }) }
  expect(await findingOf(p95, nothing)).toMatchObject({ result: 'inconclusive', cause: 'no_samples', measured: null, n: 0, needsMore: 59 })
})

it('calls requests of any outcome those that ended', async () => {
  const { why } = await findingOf({ kind: 'latency', quantile: 0.95, belowMs: 2000, outcomes: [...outcomeNames] })
  expect(why).toMatch(/over [\d,]+ ended requests/)
})
