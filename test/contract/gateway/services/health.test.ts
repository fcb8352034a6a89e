// The six addresses of health, and what a service may and may not do.
import { expect, it } from 'vitest'
import { checkConfig } from '../../../../src/gateway/config.ts'
import { answer, rig, scriptedUpstream } from '../rig.ts'

const settings = { langwatch: { breaker: { failures: 1, recovery: '60s' } }, firestore: { breaker: {} }, mongodb: {} }

it('tells the status of the gateway and of each dependency', async () => {
  await using upstream = await scriptedUpstream((response) => answer(response))
  const { url } = upstream
  await using gateway = await rig(
    { langwatch: url, firestore: url, mongodb: url },
    { config: { upstreams: settings, services: { health: { service: 'debug-toolkit' } } } },
  )
  for (const path of ['/health/', '/health']) {
    const { status, text } = await gateway.ask(path)
    expect({ status, body: JSON.parse(text) as unknown }).toEqual({
      status: 200,
      body: {
        status: 'healthy',
        timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/) as string,
        service: 'debug-toolkit',
        checks: { langwatch: { status: 'healthy' }, firestore: { status: 'healthy' }, mongodb: { status: 'unknown' } },
      },
    })
  }
  const { text } = await gateway.ask('/health/detailed')
  expect(JSON.parse(text)).toMatchObject({
    status: 'healthy',
    checks: { langwatch: { status: 'healthy', circuit_breaker: { state: 'closed', failure_count: 0, failure_threshold: 1 } } },
  })
})

it('is degraded with a breaker open, unhealthy with most of them open, and alive and ready all the time', async () => {
  await using upstream = await scriptedUpstream((response) => answer(response, 500))
  const { url } = upstream
  const breaker = { failures: 1, recovery: '60s' }
  await using gateway = await rig(
    { langwatch: url, firestore: url },
    { config: { upstreams: { langwatch: { breaker }, firestore: { breaker } }, services: { health: {} } } },
  )
  const asked = async (path: string) => {
    const { status, text } = await gateway.ask(path)
    return [status, (JSON.parse(text) as { status: string }).status]
  }
  await gateway.ask('/langwatch/a')
  expect(await asked('/health/')).toEqual([200, 'degraded'])
  const { text } = await gateway.ask('/health/detailed')
  expect(JSON.parse(text)).toMatchObject({
    checks: { langwatch: { status: 'unhealthy', circuit_breaker: { state: 'open' } }, firestore: { status: 'healthy' } },
  })
  await gateway.ask('/firestore/a')
  expect(await asked('/health/')).toEqual([503, 'unhealthy'])
  expect(await asked('/health/detailed')).toEqual([503, 'unhealthy'])
  expect(await asked('/health/liveness')).toEqual([200, 'alive'])
  expect(await asked('/health/readiness')).toEqual([200, 'ready'])
})

it('counts by upstream at /health/metrics', async () => {
  await using upstream = await scriptedUpstream((response) => answer(response))
  await using gateway = await rig({ langwatch: upstream.url }, { config: { services: { health: {} } } })
  await gateway.ask('/langwatch/a')
  await gateway.ask('/langwatch/a')
  expect(JSON.parse((await gateway.ask('/health/metrics')).text)).toEqual({
    timestamp: expect.any(String) as string,
    service: 'gateway',
    uptime_seconds: expect.any(Number) as number,
    memory_bytes: expect.any(Number) as number,
    upstreams: {
      langwatch: { requests: { ok: 2 }, attempts: 2, retries: 0, breaker_transitions: { closed: 0, open: 0, half_open: 0 } },
    },
  })
})

it('tells of its insides in debug mode only, and to operators only', async () => {
  await using upstream = await scriptedUpstream((response) => answer(response))
  const server = { adminToken: 's3cret' }
  const authorization = 'Bearer s3cret'
  await using plain = await rig({ langwatch: upstream.url }, { config: { server, services: { health: {} } } })
  expect((await plain.ask('/health/debug', { headers: { authorization } })).status).toBe(404)
  await using debugging = await rig({ langwatch: upstream.url }, { config: { server, services: { health: { debug: true } } } })
  const told = await debugging.ask('/health/debug', { headers: { authorization } })
  expect(told.status).toBe(200)
  expect(told.text).not.toContain('s3cret')
  expect(JSON.parse(told.text)).toMatchObject({ pid: process.pid, upstreams: { langwatch: { policies: { timeout: { attempt: 2000 } } } } })
  for (const path of ['/health/debug', '/health/detailed', '/health/metrics']) expect((await debugging.ask(path)).status).toBe(403)
  for (const path of ['/health', '/health/', '/health/liveness', '/health/readiness']) expect((await debugging.ask(path)).status).toBe(200)
})

it('is not there unless it is switched on', async () => {
  await using upstream = await scriptedUpstream((response) => answer(response))
  await using gateway = await rig({ health: upstream.url })
  expect((await gateway.ask('/health/liveness')).text).toBe('{"ok":true}')
})

it('refuses an upstream whose name a service takes, and settings that it does not know', () => {
  const urls = { health: 'http://127.0.0.1:1', a: 'http://127.0.0.1:2' }
  expect(() => checkConfig('test', { services: { health: {} } }, urls)).toThrow(/services\.health .*rename the upstream/)
  expect(() => checkConfig('test', { services: { health: { debgu: true } } as object }, { a: urls.a })).toThrow(
    /services\.health\.debgu .*did you mean "debug"/,
  )
  expect(() => checkConfig('test', { services: { helth: {} } as object }, { a: urls.a })).toThrow(/services\.helth .*did you mean "health"/)
})
