import { expect, it } from 'vitest'
import type { Arrival } from '../../src/plan/arrivals.ts'
import type { PlannedRoute } from '../../src/plan/plan.ts'
import { headersOf, questions } from '../../src/simulation/questions.ts'
import { composer } from '../../src/stage/live/load/compose.ts'

const route = (headers: Record<string, string>, ...bodies: unknown[]): PlannedRoute => ({
  route: 'service.put',
  reaches: [{ upstream: 'service' }],
  weight: 1,
  method: 'POST',
  paths: ['/service/put'],
  headers,
  bodies,
})

it.each<[string, PlannedRoute, string]>([
  ['JSON', route({}, { a: 1 }), '{"a":1}'],
  ['bytes', route({ 'Content-Type': 'application/octet-stream' }, 'audio'), 'audio'],
  ['a form', route({ 'content-type': 'application/x-www-form-urlencoded' }, { a: 'b c' }), 'a=b+c'],
  [
    'a form in parts',
    route({ 'content-type': 'multipart/form-data' }, { a: 'b' }),
    '--gatecrash-part\r\ncontent-disposition: form-data; name="a"\r\n\r\nb\r\n--gatecrash-part--\r\n',
  ],
])('asks with the body and the content type of the live load: %s', (_, asked, text) => {
  const arrival: Arrival = { index: 0, dueMs: 0, route: asked, path: '/service/put', body: asked.bodies[0], identity: undefined, way: 0 }
  const question = questions()(arrival)
  const { body, headers } = composer({ mix: [asked] }, 'r')(arrival)
  expect(question.body.toString()).toBe(text)
  expect(body).toBe(text)
  expect(question.headers['content-type']).toBe(headers[headers.indexOf('content-type') + 1])
})

it('sends the id and the key of a request in their places, and an id of the question itself unchanged', () => {
  const headersIn = (headers: Record<string, string>) => {
    const asked = route({ ...headers, 'content-type': 'text/plain' }, 'a')
    const question = questions()({ index: 0, dueMs: 0, route: asked, path: '/service/put', body: 'a', identity: undefined, way: 0 })
    return ['r-1', 'r-2'].map((id) => Object.entries(headersOf(question, id)))
  }
  const type = ['content-type', 'text/plain']
  expect(headersIn({})).toEqual([
    [['x-request-id', 'r-1'], type],
    [['x-request-id', 'r-2'], type],
  ])
  const keyed = (id: string) => [['x-request-id', id], type, ['idempotency-key', id]]
  expect(headersIn({ 'Idempotency-Key': '{id}' })).toEqual([keyed('r-1'), keyed('r-2')])
  const own = [['x-request-id', 'own'], ['idempotency-key', 'key'], type]
  expect(headersIn({ 'x-request-id': 'own', 'idempotency-key': 'key' })).toEqual([own, own])
})

it('asks for each body of a route, and for each of its identities, as the live load does', () => {
  const asked = route({ 'x-by': 'nobody' }, 'a', 'b')
  const ways = [undefined, { name: 'ann', headers: { 'X-By': 'ann' } }].flatMap((identity) =>
    asked.bodies.map((body) => ({ identity, body })),
  )
  const questionOf = questions()
  const compose = composer({ mix: [asked] }, 'r')
  for (const [way, { identity, body }] of [...ways, ...ways].entries()) {
    const arrival: Arrival = { index: way, dueMs: 0, route: asked, path: '/service/put', body, identity, way: way % ways.length }
    const { headers, body: text } = compose(arrival)
    const question = questionOf(arrival)
    expect(question.body.toString()).toBe(text)
    expect(question.number).toBe(way % ways.length)
    expect(question.headers['x-by']).toBe(headers[headers.indexOf('x-by') + 1])
  }
})
