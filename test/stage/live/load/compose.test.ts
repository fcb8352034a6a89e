import { expect, it } from 'vitest'
import type { Identity, PlannedRoute } from '../../../../src/plan/plan.ts'
import { composer } from '../../../../src/stage/live/load/compose.ts'

const route: PlannedRoute = {
  route: 'gemini.generateContent',
  reaches: [{ upstream: 'gemini', route: 'generateContent' }],
  weight: 1,
  method: 'POST',
  paths: ['/gemini/v1/models/x'],
  headers: { 'X-Api-Key': 'k' },
  bodies: [{ text: 'hello' }],
}

function composed(changes: Partial<PlannedRoute> = {}, identity?: Identity) {
  const changed = { ...route, ...changes }
  const compose = composer({ mix: [changed] }, 'run')
  const { headers, ...rest } = compose({
    index: 36,
    dueMs: 0,
    route: changed,
    path: changed.paths[0]!,
    body: changed.bodies[0],
    identity,
    way: 0,
  })
  const pairs = headers.flatMap((name, at) => (at % 2 === 0 ? [[name, headers[at + 1]!] as const] : []))
  return { ...rest, headers: Object.fromEntries(pairs), names: pairs.map(([name]) => name) }
}

it('sends to the route’s path, with the arrival’s ordinal in the request id', () => {
  expect(composed()).toMatchObject({ method: 'POST', path: '/gemini/v1/models/x', id: 'run-10', headers: { 'x-request-id': 'run-10' } })
})

it('sends bodies as JSON and says so, unless the route names another type', () => {
  expect(composed().body).toBe('{"text":"hello"}')
  expect(composed().headers['content-type']).toBe('application/json')
  const typed = composed({ headers: { 'Content-Type': 'application/vnd.api+json' } })
  expect(typed.headers['content-type']).toBe('application/vnd.api+json')
  expect(typed.names.filter((name) => name === 'content-type')).toHaveLength(1)
})

it.each([
  ['a form', 'application/x-www-form-urlencoded', { user: 'ada', tag: ['a', 'b c'] }, 'user=ada&tag=a&tag=b+c'],
  ['a form that is written out', 'Application/X-WWW-Form-Urlencoded; charset=utf-8', 'a=1&b=2', 'a=1&b=2'],
  ['a text', 'text/csv', 'a;b', 'a;b'],
  ['JSON of another name', 'application/vnd.api+json; charset=utf-8', 'a text', '"a text"'],
  ['XML', 'application/xml', '<a/>', '<a/>'],
])('sends a body as its content type says: %s', (_, type, body, sent) => {
  const { headers, body: written } = composed({ headers: { 'Content-Type': type }, bodies: [body] })
  expect([headers['content-type'], written]).toEqual([type, sent])
})

it.each([
  ['multipart/form-data', 'multipart/form-data; boundary=gatecrash-part', 'gatecrash-part'],
  ['multipart/form-data; boundary="own one"', 'multipart/form-data; boundary="own one"', 'own one'],
])('writes the parts of a form between boundaries that the header names: %s', (type, sentType, boundary) => {
  const { headers, body } = composed({ headers: { 'content-type': type }, bodies: [{ note: 'hi', size: 2 }] })
  expect(headers['content-type']).toBe(sentType)
  expect(body).toBe(
    [
      `--${boundary}\r\ncontent-disposition: form-data; name="note"\r\n\r\nhi\r\n`,
      `--${boundary}\r\ncontent-disposition: form-data; name="size"\r\n\r\n2\r\n`,
      `--${boundary}--\r\n`,
    ].join(''),
  )
})

it('marks the id of a probe as its query is marked', () => {
  const probe = { fromMs: 0, everyMs: 1, count: 1 }
  expect(composed({ paths: ['/ask?v=2&v=0badcafe'], probe }).id).toBe('runp0badcafe-10')
  expect(composed({ paths: ['/ask?v=0badcafe'] }).id).toBe('run-10')
})

it('sends no body and no type where the route has none', () => {
  const { body, headers } = composed({ method: 'GET', bodies: [] })
  expect(body).toBeNull()
  expect(headers).toEqual({ 'x-request-id': 'run-10', 'x-api-key': 'k' })
})

it('sends the body of a slow client over its span, and of no other', () => {
  expect(composed({ sendOverMs: 3000 })).toMatchObject({ body: '{"text":"hello"}', bodyOverMs: 3000 })
  expect(composed()).not.toHaveProperty('bodyOverMs')
})

it('sends the head of a slower client over its span, and of no other', () => {
  expect(composed({ sendHeadOverMs: 3000 })).toMatchObject({ headOverMs: 3000 })
  expect(composed()).not.toHaveProperty('headOverMs')
})

it('gives each request an idempotency key of its own where the route asks for one', () => {
  expect(composed({ idempotencyKey: true }).headers['idempotency-key']).toBe('run-10')
  expect(composed({ headers: { 'Idempotency-Key': '{id}' } }).headers['idempotency-key']).toBe('run-10')
  expect(composed({ headers: { 'Idempotency-Key': 'always-this' } }).headers['idempotency-key']).toBe('always-this')
  expect(composed().headers).not.toHaveProperty('idempotency-key')
})

it('sends the headers of whoever asks in place of the route’s own', () => {
  const { headers, names } = composed({}, { name: 'alice', headers: { 'x-api-key': 'alice', 'X-Tenant': 'a' } })
  expect(headers).toMatchObject({ 'x-api-key': 'alice', 'x-tenant': 'a', 'content-type': 'application/json' })
  expect(names.filter((name) => name === 'x-api-key')).toHaveLength(1)
})
