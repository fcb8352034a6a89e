import { expect, it } from 'vitest'
import type { Criterion } from '../../../src/criteria/criteria.ts'
import { findingOf } from '../../judge/history.ts'
import { booking } from './booking.ts'

const once: Criterion = { kind: 'effects_once', upstream: 'gemini' }

it('passes when each request was booked once, also one that was tried again and recognised', async () => {
  expect(
    await findingOf(
      once,
      booking(() => 1),
    ),
  ).toMatchObject({ result: 'pass', measured: 0 })
  expect(
    await findingOf(
      once,
      booking(() => 1, { more: 2 }),
    ),
  ).toMatchObject({ result: 'pass', measured: 0 })
})

it('finds what was booked again, under whatever key, and shows the first', async () => {
  const finding = await findingOf(
    once,
    booking((index) => (index % 100 === 50 ? 2 : 1)),
  )
  expect(finding).toMatchObject({ result: 'fail', cause: 'done_twice', bound: 0 })
  expect(finding.why).toMatch(/^\d+ of [\d,]+ effects at gemini had been done for the same request before \(first POST generate r7-\w+ at /)
})

it('is undecided where nothing was booked, or nobody knows for whom', async () => {
  expect(
    await findingOf(
      once,
      booking(() => 0, { more: 1 }),
    ),
  ).toMatchObject({ result: 'inconclusive', cause: 'no_samples' })
  const untold = booking(() => 1, { arrivals: [{ effect: '' }] })
  expect(await findingOf(once, untold)).toMatchObject({ result: 'inconclusive', cause: 'no_samples' })
  // A gateway that gives each attempt an id of its own: the same cost under two names.
  const hidden = booking(() => 1, { attempts: 2, foreignId: true, arrivals: [{ effect: 'a-1' }, { effect: 'a-2' }] })
  expect((await findingOf(once, hidden)).result).not.toBe('pass')
})

it('counts in the phases that it names', async () => {
  const twice = booking((index) => (index % 100 === 50 ? 2 : 1))
  expect(await findingOf({ ...once, during: ['outage'] }, twice)).toMatchObject({ result: 'fail' })
  const early = booking((index) => (index < 100 && index % 10 === 0 ? 2 : 1))
  expect(await findingOf({ ...once, during: ['recovery'] }, early)).toMatchObject({ result: 'pass' })
})
