import { expect, it } from 'vitest'
import type { Arrival } from '../../src/plan/arrivals.ts'
import type { PlannedRoute } from '../../src/plan/plan.ts'
import { questions } from '../../src/simulation/questions.ts'
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
