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
  const { headers, ...rest } = compose({ index: 36, dueMs: 0, route: changed, path: changed.paths[0]!, body: changed.bodies[0], identity })
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

it('sends no body and no type where the route has none', () => {
  const { body, headers } = composed({ method: 'GET', bodies: [] })
  expect(body).toBeNull()
  expect(headers).toEqual({ 'x-request-id': 'run-10', 'x-api-key': 'k' })
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
