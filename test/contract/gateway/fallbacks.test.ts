// Fallbacks: marked, never counted as success, never another request's answer.
import { expect, it } from 'vitest'
import { answer, rig, scriptedUpstream } from './rig.ts'

const cached = { fallback: { unsafe: ['POST /**'] }, breaker: { failures: 2, recovery: '30s' } }

it('F01 answers from the cache when the upstream fails, marked, and counts the failure', async () => {
  let down = false
  await using upstream = await scriptedUpstream((response, { ordinal }) => answer(response, down ? 503 : 200, { ordinal }, { etag: 'e1' }))
  await using gateway = await rig({ gemini: upstream.url }, { config: { upstreams: { gemini: cached } } })
  const ask = () => gateway.ask('/gemini/v1/generate', { method: 'POST', body: 'why?' })
  const fresh = await ask()
  expect(fresh.headers['x-gateway-fallback']).toBeUndefined()
  down = true
  const stale = await ask()
  expect({ status: stale.status, text: stale.text }).toEqual({ status: 200, text: fresh.text })
  expect(stale.headers).toMatchObject({
    'x-gateway-fallback': 'cached',
    'x-gateway-fallback-reason': 'upstream_status',
    'x-gateway-outcome': 'fallback',
    'x-gateway-attempts': '1',
    etag: 'e1',
    age: expect.stringMatching(/^\d+$/),
  })
  expect(stale.headers['x-gateway-error']).toBeUndefined()
  expect(stale.headers['x-request-id']).not.toBe(fresh.headers['x-request-id'])
  await ask()
  const rejected = await ask()
  expect(rejected.headers).toMatchObject({ 'x-gateway-fallback': 'cached', 'x-gateway-fallback-reason': 'circuit_open' })
  expect(upstream.arrivals).toHaveLength(3)
  const { text } = await gateway.ask('/metrics')
  expect(text).toContain('gateway_requests_total{upstream="gemini",outcome="fallback",reason="upstream_status"} 2')
  expect(text).toContain('gateway_requests_total{upstream="gemini",outcome="fallback",reason="circuit_open"} 1')
  expect(text).toContain('gateway_breaker_admissions_total{upstream="gemini",result="failure"} 2')
})

it('F02 hands the original error out when there is nothing to fall back on', async () => {
  await using upstream = await scriptedUpstream((response) => answer(response, 503, { broken: true }))
  await using gateway = await rig({ gemini: upstream.url }, { config: { upstreams: { gemini: { fallback: 'cached' } } } })
  const { status, headers, text } = await gateway.ask('/gemini/a')
  expect({ status, text }).toEqual({ status: 503, text: '{"broken":true}' })
  expect(headers['x-gateway-fallback']).toBeUndefined()
})

it('F02 hands the original error out when the fallback route fails as well', async () => {
  await using upstream = await scriptedUpstream((response) => answer(response, 503, { from: 'gemini' }))
  await using backup = await scriptedUpstream(() => {})
  const config = {
    upstreams: { gemini: { fallback: { kind: 'route', upstream: 'backup' } as const }, backup: { timeout: { attempt: '50ms' } } },
  }
  await using gateway = await rig({ gemini: upstream.url, backup: backup.url }, { config })
  const { status, headers, text } = await gateway.ask('/gemini/a')
  expect({ status, text }).toEqual({ status: 503, text: '{"from":"gemini"}' })
  expect(headers['x-gateway-fallback']).toBeUndefined()
  expect(backup.arrivals).toHaveLength(1)
})

it('F03 passes a 404 on: it is an answer', async () => {
  let gone = false
  await using upstream = await scriptedUpstream((response) => answer(response, gone ? 404 : 200))
  await using gateway = await rig({ gemini: upstream.url }, { config: { upstreams: { gemini: { fallback: 'cached' } } } })
  await gateway.ask('/gemini/a')
  gone = true
  const { status, headers } = await gateway.ask('/gemini/a')
  expect({ status, fallback: headers['x-gateway-fallback'] }).toEqual({ status: 404, fallback: undefined })
})

it('F04 fails closed where there is no fallback: an error with its reason, never a 200', async () => {
  await using upstream = await scriptedUpstream(() => {})
  const config = { upstreams: { billing: { timeout: { attempt: '50ms' }, breaker: { failures: 1 } } } }
  await using gateway = await rig({ billing: upstream.url }, { config })
  const first = await gateway.ask('/billing/deduct_cost', { method: 'POST', body: '{}' })
  const second = await gateway.ask('/billing/deduct_cost', { method: 'POST', body: '{}' })
  expect([first.status, second.status]).toEqual([504, 503])
  expect([first.headers['x-gateway-error'], second.headers['x-gateway-error']]).toEqual(['timeout', 'circuit_open'])
  expect(upstream.arrivals).toHaveLength(1)
})

it('F05 answers only the same request by the same caller, and unsafe ones only on the routes that the settings list', async () => {
  let down = false
  await using upstream = await scriptedUpstream((response, { url, body }) =>
    answer(response, down ? 503 : 200, { url, body: String(body) }),
  )
  const config = { upstreams: { gemini: { fallback: cached.fallback }, jira: { fallback: 'cached' as const } } }
  await using gateway = await rig({ gemini: upstream.url, jira: upstream.url }, { config })
  const mine = { 'api-key': 'mine' }
  await gateway.ask('/gemini/a', { method: 'POST', body: 'one', headers: mine })
  await gateway.ask('/jira/a', { method: 'POST', body: 'one' })
  await gateway.ask('/jira/b')
  down = true
  const status = async (...asked: Parameters<typeof gateway.ask>) => (await gateway.ask(...asked)).status
  expect(await status('/gemini/a', { method: 'POST', body: 'one', headers: mine })).toBe(200)
  expect(await status('/gemini/a', { method: 'POST', body: 'two', headers: mine })).toBe(503)
  expect(await status('/gemini/b', { method: 'POST', body: 'one', headers: mine })).toBe(503)
  expect(await status('/gemini/a', { method: 'POST', body: 'one', headers: { 'api-key': 'yours' } })).toBe(503)
  expect(await status('/jira/a', { method: 'POST', body: 'one' })).toBe(503)
  expect(await status('/jira/b')).toBe(200)
})

it('does not keep what must not be stored, nor errors', async () => {
  let down = false
  await using upstream = await scriptedUpstream((response, { url }) => {
    answer(response, down ? 503 : url === '/missing' ? 404 : 200, {}, url === '/private' ? { 'cache-control': 'private, no-store' } : {})
  })
  await using gateway = await rig({ gemini: upstream.url }, { config: { upstreams: { gemini: { fallback: 'cached' } } } })
  for (const path of ['/gemini/private', '/gemini/missing']) await gateway.ask(path)
  down = true
  for (const path of ['/gemini/private', '/gemini/missing']) expect((await gateway.ask(path)).status).toBe(503)
})

it('answers with a fixed body, marked', async () => {
  await using upstream = await scriptedUpstream((response) => answer(response, 500))
  const fallback = { kind: 'static', status: 200, headers: { 'x-demo': 'yes' }, body: { demo: true } } as const
  await using gateway = await rig({ langwatch: upstream.url }, { config: { upstreams: { langwatch: { fallback } } } })
  const { status, headers, text } = await gateway.ask('/langwatch/traces')
  expect({ status, body: JSON.parse(text) }).toEqual({ status: 200, body: { demo: true } })
  expect(headers).toMatchObject({ 'x-gateway-fallback': 'static', 'x-demo': 'yes', 'content-type': 'application/json; charset=utf-8' })
})

it('asks another upstream the same, marked', async () => {
  await using upstream = await scriptedUpstream((response) => response.socket!.destroy())
  await using backup = await scriptedUpstream((response, { url, body }) => answer(response, 200, { url, body: String(body) }))
  const config = { upstreams: { gemini: { fallback: { kind: 'route', upstream: 'backup' } as const } } }
  await using gateway = await rig({ gemini: upstream.url, backup: `${backup.url}/v2` }, { config })
  const { status, headers, text } = await gateway.ask('/gemini/a?b=1', { method: 'POST', body: 'same' })
  expect({ status, body: JSON.parse(text) }).toEqual({ status: 200, body: { url: '/v2/a?b=1', body: 'same' } })
  expect(headers).toMatchObject({
    'x-gateway-fallback': 'route',
    'x-gateway-fallback-reason': 'connection_error',
    'x-gateway-outcome': 'fallback',
  })
})
