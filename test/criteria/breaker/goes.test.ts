import { expect, it } from 'vitest'
import type { Criterion } from '../../../src/criteria/criteria.ts'
import { findingOf } from '../../judge/history.ts'
import { closesLate, goes, neverCloses, neverOpens, neverProbes, opensAgain, stuckAfterProbe } from './stories.ts'

it('passes a breaker that opens, fails one probe, and closes', async () => {
  expect(await findingOf(goes)).toMatchObject({
    result: 'pass',
    measured: 4,
    bound: 4,
    unit: 'transitions',
    why: 'it went closed → open → half-open → open → half-open → closed',
  })
  expect(await findingOf(goes, closesLate)).toMatchObject({ result: 'pass' })
})

it('tells a breaker that never opened', async () => {
  expect(await findingOf(goes, neverOpens)).toMatchObject({ result: 'fail', cause: 'never_opened', measured: 1 })
})

it('tells a breaker that never lets a probe pass', async () => {
  expect(await findingOf(goes, neverProbes)).toMatchObject({ result: 'fail', cause: 'never_half_open', measured: 2 })
  expect(await findingOf(goes, stuckAfterProbe)).toMatchObject({ result: 'fail', cause: 'never_half_open' })
})

it('tells a breaker that is probed and never closes', async () => {
  expect(await findingOf(goes, neverCloses)).toMatchObject({
    result: 'fail',
    cause: 'never_closed',
    why: expect.stringMatching(/^half-open 2 times after the fault, never closed: /),
  })
})

it('tells a breaker that closes and opens again', async () => {
  expect(await findingOf(goes, opensAgain)).toMatchObject({
    result: 'fail',
    cause: 'reopened',
    why: expect.stringMatching(/^opened again at 30\.0 s \(failures\), 3 openings/),
  })
})

it('tells a breaker that opened where none should', async () => {
  expect(await findingOf({ ...goes, sequence: ['closed'] })).toMatchObject({ result: 'fail', cause: 'unexpected_transition' })
})

it('counts failed probes when the promise speaks of them', async () => {
  const once: Criterion = { ...goes, sequence: ['closed', 'open', 'half_open', 'open', 'half_open', 'closed'] }
  const twice: Criterion = { ...goes, sequence: ['closed', 'open', 'half_open', 'open', 'half_open', 'open', 'half_open', 'closed'] }
  expect(await findingOf(once)).toMatchObject({ result: 'pass' })
  expect(await findingOf(twice)).toMatchObject({ result: 'fail', cause: 'unexpected_transition' })
})
