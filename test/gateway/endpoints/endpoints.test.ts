// Every address of the gateway, with its exact answer: status, the headers that matter, and the whole body.
import { expect, it } from 'vitest'
import { serviceTypes } from '../../../src/gateway/services/services.ts'
import { breakerRows } from './breakers.ts'
import { chainRows } from './chain.ts'
import { created, everyService } from './created.ts'
import { healthRows } from './health.ts'
import { operationRows } from './operations.ts'
import { quotaRows } from './quotas.ts'
import { type Rows, refused, text } from './row.ts'
import { syncRows } from './sync.ts'
import { webhookRows } from './webhooks.ts'

const NOT_POSSIBLE = 'This kind of request is not possible at this address.'

const endpoints: Rows = { ...healthRows, ...breakerRows, ...operationRows, ...quotaRows, ...syncRows, ...webhookRows, ...chainRows }

/** Their answers are no JSON; tests of their own look at them. */
const elsewhere = new Set(['GET /metrics', 'GET /api/v1/resilience/events'])

const rows = Object.entries(endpoints).flatMap(([address, cases]) =>
  Object.entries(cases).map(([when, row]) => [address, when, row] as const),
)

it.each(rows)('%s, %s', async (address, _when, row) => {
  const [method, written] = address.split(' ') as ['GET' | 'POST' | 'PUT' | 'DELETE', string]
  const { path = written, script, before, body, headers = {}, status, has = {}, json } = row
  await using at = await created(script)
  await before?.(at)
  const answered = await at.ask(path, { method, headers, body })
  expect({ status: answered.status, json: answered.json }).toEqual({ status, json })
  expect(answered.headers).toMatchObject({
    'content-type': 'application/json; charset=utf-8',
    'x-response-time': text(/^\d+\.\dms$/),
    ...has,
  })
  expect(Object.hasOwn(answered.headers, 'x-gateway-error')).toBe('x-gateway-error' in has)
})

it('has a row for every address that the gateway describes, with every service on', async () => {
  expect(Object.keys(everyService.services).toSorted()).toEqual(Object.keys(serviceTypes).toSorted())
  await using at = await created()
  const { paths } = (await at.ask('/openapi.json')).json as { paths: Record<string, object> }
  const own = Object.entries(paths).filter(([path]) => !path.endsWith('/{path}'))
  const described = own.flatMap(([path, item]) => Object.keys(item).map((method) => `${method.toUpperCase()} ${path}`))
  expect(described.length).toBeGreaterThan(30)
  expect([...Object.keys(endpoints), ...elsewhere].toSorted()).toEqual(described.toSorted())
})

it('answers 405 to another method, and names those that the address has', async () => {
  await using at = await created()
  for (const address of Object.keys(endpoints)) {
    const [method = '', written = ''] = address.split(' ')
    const { status, has, json, headers } = refused(405, 'method_not_allowed', 'method_not_allowed', NOT_POSSIBLE, text(/^it takes /))
    const answered = await at.ask(written.replaceAll(/\{\w+\}/g, 'x'), { method: 'PATCH', headers })
    expect({ address, status: answered.status, json: answered.json }).toEqual({ address, status, json })
    expect(answered.headers).toMatchObject({ ...has, allow: text(/^[A-Z]+(, [A-Z]+)*$/) })
    expect(answered.headers['allow']).toContain(method)
  }
})

it('writes metrics for Prometheus', async () => {
  await using at = await created()
  await at.pass()
  const { status, headers, text: written } = await at.ask('/metrics')
  expect(status).toBe(200)
  expect(headers).toMatchObject({ 'content-type': 'text/plain; version=0.0.4; charset=utf-8', 'x-response-time': text(/ms$/) })
  const typed = Object.fromEntries([...written.matchAll(/^# TYPE (\S+) (\w+)$/gm)].map(([, name, type]) => [name, type]))
  expect(typed).toEqual({
    gateway_requests_total: 'counter',
    gateway_request_duration_seconds: 'histogram',
    gateway_attempts_total: 'counter',
    gateway_retries_total: 'counter',
    gateway_breaker_state: 'gauge',
    gateway_breaker_transitions_total: 'counter',
    gateway_breaker_admissions_total: 'counter',
    gateway_bulkhead_in_use: 'gauge',
    gateway_bulkhead_queued: 'gauge',
    gateway_operations_total: 'counter',
    gateway_part_state: 'gauge',
    gateway_quota_refusals_total: 'counter',
    gateway_sync_runs_total: 'counter',
    gateway_webhook_pending: 'gauge',
    gateway_webhook_attempts_total: 'counter',
    gateway_webhook_retries_total: 'counter',
    gateway_webhooks_total: 'counter',
  })
})

it('tells how long an answer took', async () => {
  const answering = Promise.withResolvers<[number, object]>()
  await using at = await created(() => answering.promise)
  const asked = at.ask('/v1/api/chat', { method: 'POST', body: { query: 'who?' } })
  await at.pass(250)
  answering.resolve([200, {}])
  expect((await asked).headers['x-response-time']).toBe('250.0ms')
})

it('logs a request of a service that was slow', async () => {
  const answering = Promise.withResolvers<[number, object]>()
  await using at = await created(() => answering.promise)
  const asked = at.ask('/v1/api/chat', { method: 'POST', body: { query: 'who?' }, headers: { 'x-request-id': 'r-1' } })
  await at.pass(1200)
  answering.resolve([200, {}])
  await asked
  await at.pass()
  expect(at.logged.map((line) => JSON.parse(line) as object)).toContainEqual(
    expect.objectContaining({ msg: 'slow request', address: '/v1/api/chat', request: 'r-1', status: 200, duration_ms: 1200 }),
  )
})

it('keeps what a service threw for its log, and tells the client nothing of it', async () => {
  await using at = await created()
  at.gateway.app.get('/defect', () => {
    throw new Error('connect ECONNREFUSED 10.0.0.7:6379')
  })
  const answer = await at.ask('/defect?token=abc')
  expect(answer.status).toBe(500)
  expect(answer.json).toMatchObject({
    error: { code: 'internal_error', technical_message: 'an error of the gateway itself; its log has more' },
  })
  expect(answer.text).not.toContain('10.0.0.7')
  expect(at.logged.filter((line) => line.includes('10.0.0.7')).map((line) => (JSON.parse(line) as { address: string }).address)).toEqual([
    '/defect',
  ])
})
