import { expect, it } from 'vitest'
import type { Criterion } from '../../../src/criteria/criteria.ts'
import { failing, findingOf, ok } from '../../judge/history.ts'
import { keeping, kept, newest } from './kept.ts'

const many: Criterion = { kind: 'fallbacks_above', upstream: 'gemini', during: ['outage'], above: 0.8 }
const few: Criterion = { kind: 'fallbacks_below', upstream: 'gemini', during: ['recovery'], below: 0.05 }
const some = (each: number) => keeping((_, index) => (index % each === 0 ? failing : kept(newest)))

it('passes and fails the share of fallbacks by its bounds, and is undecided between them', async () => {
  expect(await findingOf(many, some(16))).toMatchObject({ result: 'pass', unit: 'ratio' })
  expect(await findingOf(many, some(3))).toMatchObject({ result: 'fail', cause: 'too_few_fallbacks' })
  expect(await findingOf({ ...many, above: 0.92 }, some(16))).toMatchObject({ result: 'inconclusive', cause: 'too_few_samples' })
  expect(await findingOf(few, some(16))).toMatchObject({ result: 'pass', measured: 0 })
  const forEver = keeping(
    () => kept(newest),
    () => kept(newest),
  )
  expect(await findingOf(few, forEver)).toMatchObject({ result: 'fail', cause: 'too_many_fallbacks' })
})

it('misses a fallback that is expected, and only warns of one that nobody expects', async () => {
  const none = keeping(() => failing)
  expect(await findingOf(many, none)).toMatchObject({ result: 'fail', cause: 'too_few_fallbacks', severity: 'warn' })
  const gateway = { upstreams: {}, expects: { gemini: ['fallback' as const] } }
  expect(await findingOf(many, { ...none, plan: { gateway } })).toMatchObject({ result: 'fail', severity: 'error' })
})

it('counts a fallback that looks like an answer of now (J2)', async () => {
  const lying = keeping(
    () => kept(newest, { outcome: 'ok' }),
    () => kept(newest, { outcome: 'ok' }),
  )
  expect(await findingOf(few, lying)).toMatchObject({
    result: 'fail',
    cause: 'too_many_fallbacks',
    why: expect.stringContaining('not marked as one') as string,
  })
  expect(await findingOf(many, lying)).toMatchObject({ result: 'pass' })
})

it('knows a kept answer that comes compressed by what it was before', async () => {
  const zipped = (body: string, change: object = {}) =>
    kept(`zipped-${body}`, { ...change, client: { plainLength: 9, plainChecksum: body } })
  const lying = keeping(
    () => zipped(newest, { outcome: 'ok' }),
    () => zipped(newest, { outcome: 'ok' }),
  )
  expect(await findingOf(few, lying)).toMatchObject({ result: 'fail', cause: 'too_many_fallbacks' })
  expect(await findingOf(many, lying)).toMatchObject({ result: 'pass' })
  const young: Criterion = { kind: 'fallbacks_fresh', upstream: 'gemini', oldestMs: 12_000 }
  const marked = keeping(() => zipped(newest))
  expect(await findingOf(young, marked)).toMatchObject({ result: 'pass' })
})

it('is undecided where an answer is nobody knows whose', async () => {
  const madeUp = keeping(
    () => kept('made-up', { outcome: 'ok' }),
    () => kept('made-up', { outcome: 'ok' }),
  )
  expect(await findingOf(few, madeUp)).toMatchObject({ result: 'inconclusive', cause: 'contradiction' })
  expect(await findingOf(many, madeUp)).toMatchObject({ result: 'inconclusive', cause: 'contradiction' })
})

it('takes a call that several requests share for no fallback, nor one whose ids are hidden', async () => {
  let [last, lastMs] = ['', 0]
  const shared = keeping(
    () => failing,
    (dueMs, index) => {
      // Who comes while a call is under way waits for its body.
      if (dueMs > lastMs + 200) {
        ;[last, lastMs] = [`body-${index}`, dueMs]
        return { ...ok, body: last, latencyMs: 300, answeredAfterMs: 290 }
      }
      return { ...ok, body: last, attempts: 0, latencyMs: 300 }
    },
  )
  expect(await findingOf(few, shared)).toMatchObject({ result: 'pass', measured: 0 })
  const hidden = keeping(
    () => ({ ...failing, anonymous: true }),
    (_, index) => ({ ...ok, body: `body-${index}`, anonymous: true }),
  )
  expect(await findingOf(few, { ...hidden, perSecond: 100 })).toMatchObject({ result: 'pass' })
})
