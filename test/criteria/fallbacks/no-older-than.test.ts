import { expect, it } from 'vitest'
import type { Criterion } from '../../../src/criteria/criteria.ts'
import { failing, findingOf } from '../../judge/history.ts'
import { keeping, kept, newest, old } from './kept.ts'

const young: Criterion = { kind: 'fallbacks_fresh', upstream: 'gemini', oldestMs: 12_000 }

it('passes fallbacks that hold what the upstream sent a moment ago', async () => {
  const finding = await findingOf(
    young,
    keeping(() => kept(newest)),
  )
  expect(finding).toMatchObject({ result: 'pass', unit: 'ms' })
  expect(finding.measured).toBeGreaterThan(9000)
  expect(finding.measured).toBeLessThan(11_000)
})

it('fails one that holds an older answer, marked or not', async () => {
  for (const outcome of ['fallback', 'ok'] as const) {
    let count = 0
    const once = keeping((dueMs) => (dueMs > 20_000 && count++ === 3 ? kept(old, { outcome }) : kept(newest)))
    expect(await findingOf(young, once)).toMatchObject({
      result: 'fail',
      cause: 'fallback_too_old',
      why: expect.stringMatching(/^1 fallback of \d+ held an older answer, the oldest of 1\d(\.\d)? s, promised 12 s$/) as string,
    })
  }
})

it('does not know how old a fallback is that no upstream sent, and needs one to tell', async () => {
  expect(
    await findingOf(
      young,
      keeping((_, index) => kept(index % 4 ? newest : 'static')),
    ),
  ).toMatchObject({ result: 'inconclusive', cause: 'no_samples' })
  expect(
    await findingOf(
      young,
      keeping(() => failing),
    ),
  ).toMatchObject({ result: 'inconclusive', severity: 'warn' })
})
