// Breakers and bulkheads as clients, upstreams and operators see them.
import { expect, it } from 'vitest'
import { realClock } from '../../../src/kernel/clock.ts'
import { createStack } from '../../../src/policies/stack.ts'
import { answer, eventually, rig, scriptedUpstream } from './rig.ts'

const steady = { recoveryJitter: 0, recoveryGrowth: 1 } as const

it('refuses at once while open, without touching the upstream, and says why and for how long', async () => {
  await using upstream = await scriptedUpstream((response) => answer(response, 503))
  const config = { upstreams: { gemini: { breaker: { failures: 3, recovery: '30s', ...steady } } } }
  await using gateway = await rig({ gemini: upstream.url }, { config })
  for (let count = 0; count < 3; count++) expect((await gateway.ask('/gemini/a')).headers['x-gateway-error']).toBeUndefined()
  const { status, headers, text } = await gateway.ask('/gemini/a', { headers: { 'x-request-id': 'req-456' } })
  expect(status).toBe(503)
  expect(headers).toMatchObject({ 'x-gateway-error': 'circuit_open', 'x-gateway-outcome': 'rejected', 'x-gateway-attempts': '0' })
  expect(Number(headers['retry-after'])).toBeGreaterThan(25)
  const { error } = JSON.parse(text)
  expect(Object.keys(error)).toEqual(['code', 'message', 'technical_message', 'retryable', 'error_id', 'request_id'])
  expect(error).toMatchObject({ code: 'service_unavailable', technical_message: "circuit breaker 'gemini' is open", request_id: 'req-456' })
  expect(upstream.arrivals).toHaveLength(3)
})

it('recovers by itself: one probe, then everybody', async () => {
  let down = true
  await using upstream = await scriptedUpstream((response) => answer(response, down ? 503 : 200))
  const config = { upstreams: { gemini: { breaker: { failures: 2, recovery: '200ms', ...steady } } } }
  await using gateway = await rig({ gemini: upstream.url }, { config })
  for (let count = 0; count < 10; count++) await gateway.ask('/gemini/a')
  expect(upstream.arrivals).toHaveLength(2)
  down = false
  await realClock.sleep(210)
  expect((await gateway.ask('/gemini/a')).status).toBe(200)
  const answers = await Promise.all(Array.from({ length: 20 }, () => gateway.ask('/gemini/a')))
  expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 200))
})

it('C18 keeps a breaker for each upstream, not for each route', async () => {
  await using down = await scriptedUpstream((response) => answer(response, 503))
  await using up = await scriptedUpstream((response) => answer(response))
  const config = { upstreams: { gemini: { breaker: { failures: 3 } }, assemblyai: { breaker: { failures: 3 } } } }
  await using gateway = await rig({ gemini: down.url, assemblyai: up.url }, { config })
  for (let count = 0; count < 10; count++) await gateway.ask(`/gemini/route-${count}`)
  expect(down.arrivals).toHaveLength(3)
  expect((await gateway.ask('/assemblyai/a')).status).toBe(200)
})

it('C04 takes a stream of 404s for what it is: callers’ errors', async () => {
  await using upstream = await scriptedUpstream((response) => answer(response, 404))
  await using gateway = await rig({ gemini: upstream.url }, { config: { upstreams: { gemini: { breaker: { failures: 3 } } } } })
  for (let count = 0; count < 100; count++) expect((await gateway.ask('/gemini/a')).status).toBe(404)
  const circuits = JSON.parse((await gateway.ask('/api/v1/resilience/circuit-breakers')).text)
  expect(circuits.gemini).toMatchObject({ state: 'closed', failure_count: 0 })
})

it('C25 opens when calls that hang time out, not later', async () => {
  await using upstream = await scriptedUpstream(() => {})
  const config = { upstreams: { gemini: { timeout: { attempt: '200ms' }, breaker: { failures: 20, recovery: '30s' } } } }
  await using gateway = await rig({ gemini: upstream.url }, { config })
  const answers = await Promise.all(Array.from({ length: 20 }, () => gateway.ask('/gemini/a')))
  expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 504))
  expect((await gateway.ask('/gemini/a')).headers['x-gateway-error']).toBe('circuit_open')
})

it('H15 a client that abandons a probe gives its place back, changes no state and closes the upstream connection', async () => {
  await using upstream = await scriptedUpstream((response, { ordinal }) => {
    if (ordinal === 0) answer(response, 503)
    else if (ordinal > 1) answer(response)
  })
  const config = { upstreams: { gemini: { breaker: { failures: 1, recovery: '100ms', ...steady } } } }
  await using gateway = await rig({ gemini: upstream.url }, { config })
  await gateway.ask('/gemini/a')
  await realClock.sleep(110)
  const leaving = new AbortController()
  const probe = gateway.ask('/gemini/a', { signal: leaving.signal })
  await eventually('the probe is at the upstream', () => upstream.arrivals.length === 2)
  expect((await gateway.ask('/gemini/a')).headers['x-gateway-error']).toBe('circuit_open')
  leaving.abort()
  await expect(probe).rejects.toThrow(/abort/i)
  await upstream.arrivals[1]!.gone
  const state = async () => JSON.parse((await gateway.ask('/api/v1/resilience/circuit-breakers/gemini')).text).state
  expect(await state()).toBe('half_open')
  expect((await gateway.ask('/gemini/a')).status).toBe(200)
  expect(await state()).toBe('closed')
})

it('H21 a probe that fails is not retried', async () => {
  await using upstream = await scriptedUpstream((response) => answer(response, 503))
  const retry = { attempts: 3, base: '1ms', budget: 'none' } as const
  const config = { upstreams: { gemini: { retry, breaker: { failures: 1, recovery: '100ms', ...steady } } } }
  await using gateway = await rig({ gemini: upstream.url }, { config })
  await gateway.ask('/gemini/a')
  expect(upstream.arrivals).toHaveLength(1)
  await realClock.sleep(110)
  await gateway.ask('/gemini/a')
  expect(upstream.arrivals).toHaveLength(2)
})

it('H22 sends exactly one probe, however many callers arrive at that moment, and makes none of them wait', async () => {
  await using upstream = await scriptedUpstream((response, { ordinal }) => {
    if (ordinal === 0) answer(response, 503)
    else realClock.after(300, () => answer(response))
  })
  const config = { upstreams: { gemini: { breaker: { failures: 1, recovery: '100ms', ...steady } } } }
  await using gateway = await rig({ gemini: upstream.url }, { config })
  await gateway.ask('/gemini/a')
  await realClock.sleep(110)
  const probe = gateway.ask('/gemini/a')
  await eventually('the probe is at the upstream', () => upstream.arrivals.length === 2)
  const others = await Promise.all(Array.from({ length: 100 }, () => gateway.ask('/gemini/a')))
  expect(new Set(others.map(({ headers }) => headers['x-gateway-error']))).toEqual(new Set(['circuit_open']))
  expect(upstream.arrivals).toHaveLength(2)
  expect((await probe).status).toBe(200)
})

it('B06 never has more requests at an upstream than the bulkhead allows, however early callers give up', async () => {
  await using upstream = await scriptedUpstream((response) => {
    realClock.after(300, () => answer(response))
  })
  const config = { upstreams: { gemini: { timeout: { attempt: '30ms' }, bulkhead: { concurrent: 2 } } } }
  await using gateway = await rig({ gemini: upstream.url }, { config })
  const end = realClock.now() + 500
  const one = async (): Promise<void> => {
    while (realClock.now() < end) await gateway.ask('/gemini/a')
  }
  await Promise.all(Array.from({ length: 6 }, one))
  expect(upstream.arrivals.length).toBeGreaterThan(4)
  // Two at work, and up to two whose closed connections it has not looked at yet.
  expect(upstream.peak).toBeLessThanOrEqual(4)
  await eventually('all slots are free', () => upstream.concurrent === 0)
})

it('refuses above the bulkhead, without opening the breaker of a healthy upstream', async () => {
  const waiting: (() => void)[] = []
  await using upstream = await scriptedUpstream((response) => waiting.push(() => answer(response)))
  const config = { upstreams: { gemini: { bulkhead: { concurrent: 2, queue: 1 }, breaker: { failures: 1 } } } }
  await using gateway = await rig({ gemini: upstream.url }, { config })
  const admitted = [gateway.ask('/gemini/1'), gateway.ask('/gemini/2')]
  await eventually('two are at the upstream', () => upstream.arrivals.length === 2)
  const queued = gateway.ask('/gemini/3')
  await eventually('one is queued', () => upstream.arrivals.length === 2)
  await realClock.sleep(50)
  const { status, headers } = await gateway.ask('/gemini/4')
  expect({ status, error: headers['x-gateway-error'], outcome: headers['x-gateway-outcome'] }).toEqual({
    status: 503,
    error: 'bulkhead_full',
    outcome: 'shed',
  })
  waiting.shift()!()
  await eventually('the queued one is at the upstream', () => upstream.arrivals.length === 3)
  for (const finish of waiting) finish()
  for (const each of await Promise.all([...admitted, queued])) expect(each.status).toBe(200)
})

it('B02 a client that leaves the queue is not sent, and the next one is', async () => {
  const waiting: (() => void)[] = []
  await using upstream = await scriptedUpstream((response) => waiting.push(() => answer(response)))
  const config = { upstreams: { gemini: { bulkhead: { concurrent: 1, queue: 2 } } } }
  await using gateway = await rig({ gemini: upstream.url }, { config })
  const first = gateway.ask('/gemini/1')
  await eventually('the first is at the upstream', () => upstream.arrivals.length === 1)
  const leaving = new AbortController()
  const second = gateway.ask('/gemini/2', { signal: leaving.signal })
  await realClock.sleep(50)
  const third = gateway.ask('/gemini/3')
  await realClock.sleep(50)
  leaving.abort()
  await expect(second).rejects.toThrow(/abort/i)
  await realClock.sleep(50)
  waiting[0]!()
  await eventually('the third is at the upstream', () => upstream.arrivals.length === 2)
  waiting[1]!()
  expect((await first).status).toBe(200)
  expect((await third).status).toBe(200)
  expect(upstream.arrivals.map(({ url }) => url)).toEqual(['/1', '/3'])
})

it('refuses with 429 above an upstream’s rate limit', async () => {
  await using upstream = await scriptedUpstream((response) => answer(response))
  const config = { upstreams: { gemini: { rateLimit: { limit: 1, per: '10s', burst: 2 } } } }
  await using gateway = await rig({ gemini: upstream.url }, { config })
  const statuses: number[] = []
  for (let count = 0; count < 3; count++) statuses.push((await gateway.ask('/gemini/a')).status)
  expect(statuses).toEqual([200, 200, 429])
  const { headers } = await gateway.ask('/gemini/a')
  expect(headers).toMatchObject({ 'x-gateway-error': 'rate_limited', 'x-gateway-outcome': 'limited' })
  expect(Number(headers['retry-after'])).toBeGreaterThanOrEqual(1)
})

it('X01 hedges a slow safe request, aborts the loser and delivers the winner’s body whole', async () => {
  const body = Buffer.alloc(512 * 1024, 'winner')
  await using upstream = await scriptedUpstream((response, { ordinal }) => {
    if (ordinal === 1) response.writeHead(200, { 'content-length': String(body.length) }).end(body)
  })
  const config = { upstreams: { gemini: { hedge: { after: '50ms' } } } }
  await using gateway = await rig({ gemini: upstream.url }, { config })
  const { status, text } = await gateway.ask('/gemini/a')
  const answeredAt = realClock.now()
  expect({ status, whole: text === body.toString() }).toEqual({ status: 200, whole: true })
  // Its own timeout would end it two seconds after it began.
  expect((await upstream.arrivals[0]!.gone) - answeredAt).toBeLessThan(1000)
})

it('X01 a hedge that fails with a large answer does not harm the one that succeeds', async () => {
  await using upstream = await scriptedUpstream((response, { ordinal }) => {
    if (ordinal % 2 === 0) realClock.after(200, () => answer(response))
    else response.writeHead(503, { 'content-length': '500000' }).end(Buffer.alloc(500_000))
  })
  const config = { upstreams: { gemini: { hedge: { after: '50ms' }, bulkhead: { concurrent: 10 } } } }
  await using gateway = await rig({ gemini: upstream.url }, { config })
  for (let count = 0; count < 5; count++) {
    const { status, text } = await gateway.ask('/gemini/a')
    expect({ status, text }).toEqual({ status: 200, text: '{"ok":true}' })
  }
  expect(upstream.arrivals).toHaveLength(10)
  expect((await gateway.ask('/metrics')).text).toContain('gateway_bulkhead_in_use{upstream="gemini"} 0')
})

it('a replaced stack takes the place of the policies', async () => {
  await using upstream = await scriptedUpstream((response) => answer(response, 503))
  const deaf: typeof createStack = (name, { breaker: _breaker, ...settings }, options) => createStack(name, settings, options)
  const config = { upstreams: { gemini: { breaker: { failures: 1 } } } }
  await using gateway = await rig({ gemini: upstream.url }, { config, createStack: deaf })
  for (let count = 0; count < 5; count++) await gateway.ask('/gemini/a')
  expect(upstream.arrivals).toHaveLength(5)
})
