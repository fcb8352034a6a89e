import { expect, it } from 'vitest'
import { checksumText } from '../../../../src/contract/body-checksum.ts'
import type { RequestEvent } from '../../../../src/evidence/events.ts'
import { SharedCalls } from '../../../../src/evidence/fold/joining/shared-calls.ts'

const asked = (sent: number, t: number, changes: Partial<RequestEvent> = {}): RequestEvent => ({
  type: 'request',
  t,
  id: 'r-1',
  index: 1,
  due: sent,
  sent,
  route: 'read',
  method: 'GET',
  outcome: 'upstream_error',
  status: 503,
  length: 20,
  checksum: checksumText(7),
  ...changes,
})

/** Whether a request without an attempt shared one of the calls, which end as late as they are told here. */
function isShared(calls: readonly RequestEvent[], request: RequestEvent, question = 1): boolean {
  const told: boolean[] = []
  const shared = new SharedCalls<string>((_mark, is) => told.push(is))
  for (const call of calls) shared.tried(call, 1, call.t)
  shared.untried(request, question, 'it')
  shared.finish()
  expect(told).toHaveLength(1)
  return told[0]!
}

const call = asked(1000, 1100)

it.each<[string, Partial<RequestEvent>, boolean]>([
  ['the same end at the same time', {}, true],
  ['another status', { status: 502 }, false],
  ['another outcome', { outcome: 'rejected' }, false],
  ['another length', { length: 21 }, false],
  ['another body', { checksum: checksumText(8) }, false],
  ['an end long after', { t: 1150 }, false],
])('takes a request for one that shared a call: %s', (_what, changes, expected) => {
  expect(isShared([call], asked(1050, 1100, changes))).toBe(expected)
})

it('compares what has no body with what has none', () => {
  const { length: _length, checksum: _checksum, ...bare } = call
  const { length: _alike, checksum: _same, ...other } = asked(1050, 1100)
  expect(isShared([bare], other)).toBe(true)
  expect(isShared([bare], asked(1050, 1100))).toBe(false)
  expect(isShared([call], other)).toBe(false)
})

it('takes neither who asked first, nor who asked when the call was over, nor who asked something else', () => {
  expect(isShared([call], asked(990, 1100))).toBe(false)
  expect(isShared([call], asked(1100, 1101))).toBe(false)
  expect(isShared([call], asked(1050, 1100), 2)).toBe(false)
})

it.each([1, 4, 5, 500])('finds each of %i calls that ended at one time', (count) => {
  const calls = Array.from({ length: count }, (_, at) => asked(1000, 1100, { length: at }))
  const missed = calls.filter(({ length }) => !isShared(calls, asked(1050, 1100, { length: length! })))
  expect(missed).toEqual([])
  expect(isShared(calls, asked(1050, 1100, { length: count }))).toBe(false)
})

it('forgets calls of two seconds before, whose place others have taken', () => {
  const told: boolean[] = []
  const shared = new SharedCalls<string>((_mark, is) => told.push(is))
  for (let t = 1100; t < 20_000; t += 5) {
    shared.tried(asked(t - 100, t, { length: t }), 1, t)
    shared.untried(asked(t - 50, t, { length: t }), 1, 'shared')
    shared.untried(asked(t - 50, t, { length: t - 2048 }), 1, 'not shared')
  }
  shared.finish()
  expect(told.filter((_is, at) => at % 2 === 0)).not.toContain(false)
  expect(told.filter((_is, at) => at % 2 === 1)).not.toContain(true)
})
