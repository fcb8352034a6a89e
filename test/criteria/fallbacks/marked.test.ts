import { expect, it } from 'vitest'
import type { Criterion } from '../../../src/criteria/criteria.ts'
import { failing, findingOf, ok, planOf } from '../../judge/history.ts'
import { keeping, kept, newest } from './kept.ts'

const honest: Criterion = { kind: 'fallbacks_marked', upstream: 'gemini' }

it('passes fallbacks that say so', async () => {
  expect(
    await findingOf(
      honest,
      keeping(() => kept(newest)),
    ),
  ).toMatchObject({ result: 'pass', measured: 0 })
})

it('fails one fallback that looks like an answer of now (M48)', async () => {
  let count = 0
  const once = keeping(() => (count++ === 7 ? kept(newest, { outcome: 'ok' }) : kept(newest)))
  expect(await findingOf(honest, once)).toMatchObject({
    result: 'fail',
    cause: 'fallback_unmarked',
    severity: 'error',
    measured: 1,
    why: expect.stringMatching(/^1 of \d+ fallbacks looked like answers of gemini; set x-gateway-fallback on them$/) as string,
  })
})

it('fails one that its gateway tried to get first', async () => {
  const tried = keeping((_, index) => (index % 3 ? kept(newest) : { ...kept(newest), outcome: 'ok', attempts: 1, answered: 503 }))
  // The failing attempt sent no such body.
  expect(await findingOf(honest, tried)).toMatchObject({ result: 'fail', cause: 'fallback_unmarked' })
})

it('only warns of a gateway that does not know the mark, where nobody expects a fallback of it', async () => {
  const unaware = keeping(() => kept(newest, { outcome: 'ok' }))
  expect(await findingOf(honest, unaware)).toMatchObject({ result: 'fail', severity: 'warn' })
})

it('tells nothing without fallbacks, or of answers that nobody sent', async () => {
  expect(
    await findingOf(
      honest,
      keeping(() => failing),
    ),
  ).toMatchObject({ result: 'inconclusive', cause: 'no_samples' })
  const madeUp = keeping((_, index) => (index % 3 ? kept(newest) : kept('made-up', { outcome: 'ok' })))
  expect(await findingOf(honest, madeUp)).toMatchObject({ result: 'inconclusive', cause: 'contradiction' })
})

it('takes an expected 404 for an answer of the upstream', async () => {
  const found = keeping(
    () => kept(newest),
    (_, index) => ({ ...ok, body: `none-${index}`, answered: 404 }),
  )
  const [gemini, other] = planOf().load.mix
  const load = { ...planOf([], {}, 40).load, mix: [{ ...gemini!, expectedStatuses: [404] }, other!] }
  expect(await findingOf(honest, { ...found, plan: { load } })).toMatchObject({ result: 'pass' })
})
