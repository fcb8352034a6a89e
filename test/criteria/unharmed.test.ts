import { expect, it } from 'vitest'
import type { Criterion } from '../../src/criteria/criteria.ts'
import { type Answer, type Story, failing, findingOf, ok } from '../judge/history.ts'

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

it('allows a bystander the fallbacks that it has when all is well', async () => {
  let count = 0
  const usual: Story = { assemblyai: () => (count++ % 10 === 0 ? { outcome: 'fallback', latencyMs: 1, attempts: 0 } : ok), perSecond: 200 }
  expect(await findingOf(bystander, usual)).toMatchObject({ result: 'pass' })
})
