import { expect, it } from 'vitest'
import { findingOf } from '../../judge/history.ts'
import { quiet, stays } from './stories.ts'

it('passes a breaker that never left closed, and counts the requests it let through', async () => {
  expect(await findingOf(stays, quiet)).toMatchObject({
    result: 'pass',
    why: expect.stringMatching(/^closed throughout 1,\d\d\d requests$/),
  })
})

it('tells when a breaker opened, and how often', async () => {
  expect(await findingOf(stays)).toMatchObject({
    result: 'fail',
    cause: 'unexpected_transition',
    why: 'open at 12.1 s (failures), 2 openings in all',
    measured: 2,
  })
})

it('looks at the named phases alone', async () => {
  expect(await findingOf({ ...stays, during: ['steady'] })).toMatchObject({ result: 'pass' })
  expect(await findingOf({ ...stays, during: ['recovery'] })).toMatchObject({ result: 'fail' })
})
