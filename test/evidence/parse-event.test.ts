import { expect, it } from 'vitest'
import { eventFrom } from '../../src/evidence/parse-event.ts'

const departure = { type: 'departure', t: 12.5, upstream: 'gemini', ordinal: 3, status: 200, clientGone: false, whole: true, length: 0 }
const read = (event: object) => eventFrom(JSON.stringify(event))

it('reads a line whose fields are all of their kinds', () => {
  expect(read(departure)).toEqual(departure)
  expect(read({ ...departure, checksum: 'abc' })).toEqual({ ...departure, checksum: 'abc' })
})

it.each(Object.keys(departure))('refuses a line without its %s', (name) => {
  expect(read({ ...departure, [name]: undefined })).toBeUndefined()
})

it.each([
  ['a field of another kind', { status: '200' }],
  ['a field that is null', { whole: null }],
  ['an optional field of another kind', { checksum: 7 }],
  ['an optional field that is null', { checksum: null }],
  ['a type that nobody knows', { type: 'departures' }],
  ['a type that every object knows', { type: 'constructor' }],
  ['a type that is no text', { type: ['departure'] }],
])('refuses a line with %s', (_what, changed) => {
  expect(read({ ...departure, ...changed })).toBeUndefined()
})

it('lets fields be that nobody knows, whatever they are called', () => {
  expect(read({ ...departure, later: { version: 3 } })).toMatchObject(departure)
  expect(eventFrom(`{"__proto__":{"status":"x"},"constructor":1,${JSON.stringify(departure).slice(1)}`)).toMatchObject(departure)
})

it('takes no field from a prototype in place of one that is missing', () => {
  const { status: _status, ...rest } = departure
  expect(eventFrom(`{"__proto__":{"status":200},${JSON.stringify(rest).slice(1)}`)).toBeUndefined()
})

it.each(['', 'null', '7', '"run"', '[]', '{}', '{"type":"departure"', 'x'])('refuses %j', (line) => {
  expect(eventFrom(line)).toBeUndefined()
})
