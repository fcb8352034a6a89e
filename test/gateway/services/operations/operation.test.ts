import { expect, it } from 'vitest'
import { afterReport, again, begun, hours, isStuck, markedStuck } from '../../../../src/gateway/services/operations/operation.ts'

const HOUR = 3_600_000
const fresh = begun('ep-1', 'episode', 1000)
const done = afterReport(fresh, { attempt: 1, status: 'done' }, 3000)!
const failed = afterReport(fresh, { attempt: 1, status: 'error', reason: 'no audio' }, 3000)!
const stuck = markedStuck(fresh, 2 * HOUR, 1000 + 3 * HOUR)

it('begins as processing, at its first attempt', () => {
  expect(fresh).toEqual({
    operation_id: 'ep-1',
    kind: 'episode',
    status: 'processing',
    attempt: 1,
    percent: 0,
    created_at: 1000,
    started_at: 1000,
    updated_at: 1000,
  })
})

it('follows its worker', () => {
  expect(afterReport(fresh, { attempt: 1, status: 'processing', percent: 40 }, 2000)).toEqual({ ...fresh, percent: 40, updated_at: 2000 })
  expect(done).toEqual({ ...fresh, status: 'done', percent: 100, updated_at: 3000 })
  expect(failed).toEqual({ ...fresh, status: 'error', updated_at: 3000, error: { class: 'failed', reason: 'no audio' } })
})

it('takes a report that is told twice for the same', () => {
  expect(afterReport(done, { attempt: 1, status: 'done' }, 9000)).toBe(done)
  expect(afterReport(failed, { attempt: 1, status: 'error', reason: 'no audio' }, 9000)).toBe(failed)
})

it.each([
  ['done', done],
  ['failed', failed],
  ['stuck', stuck],
])('is not moved by other reports once it is %s', (_how, over) => {
  const other = over.status === 'done' ? ({ status: 'error', reason: 'late' } as const) : ({ status: 'done' } as const)
  expect(afterReport(over, { attempt: 1, ...other }, 9000)).toBeUndefined()
  expect(afterReport(over, { attempt: 1, status: 'processing', percent: 50 }, 9000)).toBeUndefined()
})

it('does not take an error that a worker tells for the mark of a stuck one', () => {
  expect(afterReport(stuck, { attempt: 1, status: 'error', reason: 'late' }, 9000)).toBeUndefined()
})

it('is tried again after an error alone, and then knows its old worker no more', () => {
  expect([again(fresh, 5000), again(done, 5000)]).toEqual([undefined, undefined])
  const second = again(stuck, 5000)!
  expect(second).toEqual({ ...fresh, attempt: 2, started_at: 5000, updated_at: 5000 })
  expect(afterReport(second, { attempt: 1, status: 'done' }, 6000)).toBeUndefined()
  expect(afterReport(second, { attempt: 2, status: 'done' }, 6000)).toMatchObject({ status: 'done', attempt: 2 })
})

it('is stuck when its attempt takes longer than is allowed, whatever its progress', () => {
  const moving = afterReport(fresh, { attempt: 1, status: 'processing', percent: 99 }, 2 * HOUR)!
  expect(isStuck(moving, 2 * HOUR, 1000 + 2 * HOUR)).toBe(false)
  expect(isStuck(moving, 2 * HOUR, 1001 + 2 * HOUR)).toBe(true)
  expect(isStuck(done, 2 * HOUR, 9 * HOUR)).toBe(false)
  expect(isStuck(again(stuck, 9 * HOUR)!, 2 * HOUR, 10 * HOUR)).toBe(false)
})

it('says as an error for how long it was stuck', () => {
  expect(stuck.error).toEqual({ class: 'stuck', reason: 'processing for 3 h, and at most 2 h are allowed' })
  expect([hours(9000), hours(2 * HOUR), hours(2.3456 * HOUR)]).toEqual([0.0025, 2, 2.35])
})
