import fc from 'fast-check'
import { expect, it } from 'vitest'
import { answerKey, type KeyedRequest } from '../../../src/gateway/cache/cache-key.ts'
import { propertyRuns } from '../../property-runs.ts'

type Settings = Parameters<typeof answerKey>[0]

const plain: Settings = { ignore: [], identity: undefined }

function request(fields: Record<string, string> = {}, more: Partial<KeyedRequest> = {}): KeyedRequest {
  return { method: 'GET', path: '/v1/models', body: undefined, fields: new Map(Object.entries(fields)), ...more }
}

const key = (of: KeyedRequest, settings = plain): string => answerKey(settings, of).exact
const POST = { method: 'POST', body: Buffer.from('hello') }

it.each<[string, KeyedRequest, KeyedRequest]>([
  ['their path', request(), request({}, { path: '/v1/model' })],
  ['their query', request(), request({}, { path: '/v1/models?x=1' })],
  ['their method', request({}, POST), request({}, { ...POST, method: 'PUT' })],
  ['their body', request({}, POST), request({}, { ...POST, body: Buffer.from('hullo') })],
  ["their body's type", request({ 'content-type': 'text/plain' }, POST), request({ 'content-type': 'text/html' }, POST)],
  ["their body's coding", request({}, POST), request({ 'content-encoding': 'gzip' }, POST)],
  ['a header and its absence', request(), request({ 'x-tenant': '' })],
  ['the borders of names and values', request({ 'x-a': 'b', 'x-c': 'd' }), request({ 'x-a': 'b","x-c":"d' })],
  ['an idempotency key', request({ 'idempotency-key': '1' }, POST), request({ 'idempotency-key': '2' }, POST)],
  ['the host that the upstream is told', request({ 'x-forwarded-host': 'a' }), request({ 'x-forwarded-host': 'b' })],
])('tells questions apart by %s', (_by, one, other) => {
  expect(key(one)).not.toBe(key(other))
})

it.each(
  'authorization cookie x-api-key x-goog-api-key api-key x-forwarded-user x-user baggage x-tenant private-token constructor __proto__'.split(
    ' ',
  ),
)('tells two askers apart by their %s, and does not keep it', (name) => {
  const one = key(request({ [name]: 'Bearer one' }))
  expect(one).not.toBe(key(request({ [name]: 'Bearer two' })))
  expect(one).not.toContain('Bearer one')
})

it.each(
  'user-agent accept accept-language x-request-id traceparent x-forwarded-for if-none-match range cache-control content-type'.split(' '),
)('takes two questions for one that differ in %s alone', (name) => {
  expect(key(request({ [name]: 'one' }))).toBe(key(request({ [name]: 'two' })))
})

it('does not depend on the order of headers, and takes HEAD for a part of GET', () => {
  expect(key(request({ 'x-a': '1', 'x-b': '2' }))).toBe(key(request({ 'x-b': '2', 'x-a': '1' })))
  expect(key(request({}, { method: 'HEAD' }))).toBe(key(request()))
})

it('narrows and widens what keeps answers apart only as the settings say', () => {
  const alice = request({ 'x-user': 'alice', 'x-session': '1' })
  const bob = request({ 'x-user': 'bob', 'x-session': '1' })
  const later = request({ 'x-user': 'alice', 'x-session': '2' })
  const byUser: Settings = { ignore: [], identity: { headers: ['x-user'] } }
  expect([key(alice, byUser) === key(bob, byUser), key(alice, byUser) === key(later, byUser)]).toEqual([false, true])
  const ignoring: Settings = { ...plain, ignore: ['x-session'] }
  expect([key(alice, ignoring) === key(bob, ignoring), key(alice, ignoring) === key(later, ignoring)]).toEqual([false, true])
  const nobody: Settings = { ignore: [], identity: { headers: [] } }
  expect(key(alice, nobody)).toBe(key(bob, nobody))
})

it('names the place of a request without its query', () => {
  expect(answerKey(plain, request({}, { path: '/a?b=/c' })).place).toBe('/a')
})

it('gives two clients one key only if they agree in every header that may name one', () => {
  const headers = fc.dictionary(fc.stringMatching(/^x-[a-z]{1,3}$/), fc.string({ maxLength: 4 }))
  fc.assert(
    fc.property(headers, headers, (mine, yours) => {
      const names = new Set([...Object.keys(mine), ...Object.keys(yours)])
      const same = [...names].every((name) => mine[name] === yours[name])
      expect(key(request(mine)) === key(request(yours))).toBe(same)
    }),
    { numRuns: propertyRuns() },
  )
})
