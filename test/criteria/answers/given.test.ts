import { expect, it } from 'vitest'
import type { Criterion } from '../../../src/criteria/criteria.ts'
import { failing, findingOf, ok } from '../../judge/history.ts'
import { fresh, keeping, kept, newest } from '../fallbacks/kept.ts'

const given: Criterion = { kind: 'answers_given', upstream: 'gemini' }

it('passes errors that say so, and fallbacks that say so', async () => {
  expect(
    await findingOf(
      given,
      keeping(() => failing),
    ),
  ).toMatchObject({ result: 'pass', measured: 0 })
  expect(
    await findingOf(
      given,
      keeping(() => kept(newest)),
    ),
  ).toMatchObject({ result: 'pass', measured: 0 })
})

it('fails errors that are told as 200 (J4)', async () => {
  const disguised = keeping(() => kept('sorry', { outcome: 'ok', attempts: 1, answered: 503 }))
  expect(await findingOf(given, disguised)).toMatchObject({
    result: 'fail',
    cause: 'made_up',
    severity: 'error',
    why: expect.stringMatching(/^\d[\d,]* answers of [\d,]+ ended ok though gemini gave none: [\d,]+ held what it never said; /) as string,
  })
})

it('fails one in ten, and kept answers that look like new ones (M48)', async () => {
  const some = keeping((_, index) => (index % 10 === 0 ? kept('sorry', { outcome: 'ok' }) : failing))
  expect(await findingOf(given, some)).toMatchObject({ result: 'fail', cause: 'made_up' })
  const stale = keeping(() => kept(newest, { outcome: 'ok' }))
  expect(await findingOf(given, stale)).toMatchObject({ result: 'fail', cause: 'fallback_unmarked', severity: 'error' })
})

it('does not take a body that the gateway wrote anew for one that nobody sent', async () => {
  const anew = (dueMs: number) => ({ ...fresh(dueMs), receives: 'the same in other words' })
  expect(
    await findingOf(
      given,
      keeping(() => failing, anew),
    ),
  ).toMatchObject({ result: 'pass' })
})

it('knows nothing without requests', async () => {
  expect(await findingOf({ ...given, during: ['steady'] }, { gemini: () => ok, perSecond: 0.001 })).toMatchObject({
    result: 'inconclusive',
    cause: 'no_samples',
  })
})
