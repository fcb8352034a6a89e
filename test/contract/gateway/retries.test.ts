// Retries as upstreams see them: how often, with what, and when not.
import { createServer } from 'node:net'
import { expect, it, describe } from 'vitest'
import { realClock, wallClock } from '../../../src/kernel/clock.ts'
import { freePort, listen } from '../../../src/kernel/server.ts'
import { answer, type AskOptions, eventually, rig, scriptedUpstream } from './rig.ts'

const quickRetry = { attempts: 3, base: '1ms', max: '5ms', jitter: 'none', budget: 'none' } as const
const retrying = { upstreams: { gemini: { retry: quickRetry, timeout: { attempt: '250ms' } } } }

describe('R06 repeats only what may be repeated', () => {
  const failures = {
    'a 503': (response: Parameters<typeof answer>[0]) => answer(response, 503),
    'a timeout': () => {},
    'a reset': (response: Parameters<typeof answer>[0]) => response.socket!.resetAndDestroy(),
  }
  const requests: [string, AskOptions, number][] = [
    ['GET', { method: 'GET' }, 3],
    ['HEAD', { method: 'HEAD' }, 3],
    ['PUT', { method: 'PUT', body: 'x' }, 3],
    ['DELETE', { method: 'DELETE' }, 3],
    ['POST', { method: 'POST', body: 'x' }, 1],
    ['PATCH', { method: 'PATCH', body: 'x' }, 1],
    ['POST with an Idempotency-Key', { method: 'POST', body: 'x', headers: { 'idempotency-key': 'key-1' } }, 3],
  ]
  for (const [failure, fail] of Object.entries(failures)) {
    it.each(requests)(`after ${failure}: %s`, async (_name, options, hits) => {
      await using upstream = await scriptedUpstream((response) => fail(response))
      await using gateway = await rig({ gemini: upstream.url }, { config: retrying })
      const { headers } = await gateway.ask('/gemini/a', options)
      expect(upstream.arrivals).toHaveLength(hits)
      expect(headers['x-gateway-attempts']).toBe(String(hits))
      const keys = new Set(upstream.arrivals.map((arrival) => arrival.headers['idempotency-key']))
      expect(keys).toEqual(new Set([options.headers?.['idempotency-key']]))
    })
  }
})

it.each([
  [true, '3'],
  [false, '1'],
])('R07 a POST that was certainly never sent is retried only where that is on (%s)', async (retryUnsent, attempts) => {
  const closed = await freePort()
  const config = { upstreams: { gemini: { retry: { ...quickRetry, retryUnsent } } } }
  await using gateway = await rig({ gemini: `http://127.0.0.1:${closed}` }, { config })
  const { status, headers } = await gateway.ask('/gemini/a', { method: 'POST', body: 'x' })
  expect({ status, error: headers['x-gateway-error'] }).toEqual({ status: 502, error: 'connection_error' })
  expect(headers['x-gateway-attempts']).toBe(attempts)
})

it('R08 every attempt carries the same body', async () => {
  await using upstream = await scriptedUpstream((response, { ordinal }) => answer(response, ordinal < 2 ? 503 : 200))
  await using gateway = await rig({ gemini: upstream.url }, { config: retrying })
  const body = Buffer.alloc(10 * 1024, 'gatecrash')
  expect((await gateway.ask('/gemini/a', { method: 'PUT', body })).status).toBe(200)
  expect(upstream.arrivals).toHaveLength(3)
  for (const arrival of upstream.arrivals) {
    expect(arrival.body.equals(body)).toBe(true)
    expect(arrival.headers['content-length']).toBe(String(body.length))
  }
})

describe('R09 repeats what may pass, not what the caller did wrong', () => {
  it.each([400, 401, 403, 404, 409, 422, 501])('%d: one hit', async (status) => {
    await using upstream = await scriptedUpstream((response) => answer(response, status))
    await using gateway = await rig({ gemini: upstream.url }, { config: retrying })
    const { status: received, headers } = await gateway.ask('/gemini/a')
    expect(received).toBe(status)
    expect(headers['x-gateway-error']).toBeUndefined()
    expect(upstream.arrivals).toHaveLength(1)
  })
  it.each([408, 429, 502, 503, 504])('%d: retried', async (status) => {
    await using upstream = await scriptedUpstream((response, { ordinal }) => answer(response, ordinal === 0 ? status : 200))
    await using gateway = await rig({ gemini: upstream.url }, { config: retrying })
    expect((await gateway.ask('/gemini/a')).status).toBe(200)
    expect(upstream.arrivals).toHaveLength(2)
  })
})

it('R01 the last error of the upstream is delivered as it came, without a mark of ours', async () => {
  await using upstream = await scriptedUpstream((response, { ordinal }) => answer(response, 503, { attempt: ordinal }))
  await using gateway = await rig({ gemini: upstream.url }, { config: retrying })
  const { status, headers, text } = await gateway.ask('/gemini/a')
  expect({ status, body: JSON.parse(text) }).toEqual({ status: 503, body: { attempt: 2 } })
  expect(headers['x-gateway-error']).toBeUndefined()
  expect(headers['x-gateway-outcome']).toBe('upstream_error')
  expect(upstream.arrivals).toHaveLength(3)
})

async function gapAfter(retryAfter: string | string[], options: { base?: string } = {}): Promise<number> {
  await using upstream = await scriptedUpstream((response, { ordinal }) => {
    if (ordinal > 0) return answer(response)
    response.setHeader('retry-after', retryAfter).writeHead(503).end()
  })
  const config = { upstreams: { gemini: { retry: { ...quickRetry, max: '300ms', ...options } } } }
  await using gateway = await rig({ gemini: upstream.url }, { config })
  expect((await gateway.ask('/gemini/a')).status).toBe(200)
  expect(upstream.arrivals).toHaveLength(2)
  return upstream.arrivals[1]!.at - upstream.arrivals[0]!.at
}

it('R10 waits at least as long as Retry-After says', async () => {
  const gap = await gapAfter('1')
  expect(gap).toBeGreaterThanOrEqual(999)
  expect(gap).toBeLessThan(3000)
})

it('R11 takes Retry-After as a date, and ignores one in the past', async () => {
  // Dates have whole seconds: three from now is at least two.
  const soon = new Date(wallClock().getTime() + 3000).toUTCString()
  expect(await gapAfter(soon)).toBeGreaterThanOrEqual(1900)
  const past = await gapAfter('Sun, 06 Nov 1994 08:49:37 GMT', { base: '200ms' })
  expect(past).toBeGreaterThanOrEqual(199)
  expect(past).toBeLessThan(1900)
})

it.each([['-5'], ['abc'], [''], ['1e309'], [['1', '2']]])('R12 ignores Retry-After %j and backs off as usual', async (value) => {
  const gap = await gapAfter(value, { base: '200ms' })
  expect(gap).toBeGreaterThanOrEqual(199)
  expect(gap).toBeLessThan(990)
})

it('R13 passes an error on at once when Retry-After is longer than the deadline', async () => {
  await using upstream = await scriptedUpstream((response) => answer(response, 503, {}, { 'retry-after': '3600' }))
  const config = { upstreams: { gemini: { retry: quickRetry, timeout: { total: '5s' } } } }
  await using gateway = await rig({ gemini: upstream.url }, { config })
  const { status, headers, tookMs } = await gateway.ask('/gemini/a')
  expect({ status, retryAfter: headers['retry-after'] }).toEqual({ status: 503, retryAfter: '3600' })
  expect(tookMs).toBeLessThan(1000)
  expect(upstream.arrivals).toHaveLength(1)
})

it('R14 Retry-After: 0 means at once, and the budget is charged all the same', async () => {
  await using upstream = await scriptedUpstream((response) => answer(response, 503, {}, { 'retry-after': '0' }))
  const budget = { kind: 'ratio', ratio: 0, floor: 0 } as const
  const config = {
    upstreams: {
      gemini: { retry: { ...quickRetry, base: '2s', max: '2s', budget } },
      free: { retry: { ...quickRetry, base: '2s', max: '2s' } },
    },
  }
  await using gateway = await rig({ gemini: upstream.url, free: upstream.url }, { config })
  expect((await gateway.ask('/gemini/a')).headers['x-gateway-attempts']).toBe('1')
  const { headers, tookMs } = await gateway.ask('/free/a')
  expect(headers['x-gateway-attempts']).toBe('3')
  expect(tookMs).toBeLessThan(1500)
})

it('R15 a client that leaves during the backoff ends the call', async () => {
  await using upstream = await scriptedUpstream((response) => answer(response, 503))
  const config = { upstreams: { gemini: { retry: { ...quickRetry, base: '150ms', max: '150ms' } } } }
  await using gateway = await rig({ gemini: upstream.url }, { config })
  const leaving = new AbortController()
  const asked = gateway.ask('/gemini/a', { signal: leaving.signal })
  await eventually('the first attempt failed', () => upstream.arrivals.length === 1 && upstream.concurrent === 0)
  leaving.abort()
  await expect(asked).rejects.toThrow(/abort/i)
  await realClock.sleep(300)
  expect(upstream.arrivals).toHaveLength(1)
})

it('R26 is not repeated once the client has a part of it, breaks off there too, and counts as a failure', async () => {
  await using upstream = await scriptedUpstream((response) => {
    response.writeHead(200, { 'content-length': '100000' })
    response.write(Buffer.alloc(50_000), () => response.socket!.resetAndDestroy())
  })
  const config = { upstreams: { gemini: { retry: quickRetry, breaker: { failures: 1 } } }, server: { commitBytes: 1000 } }
  await using gateway = await rig({ gemini: upstream.url }, { config })
  await expect(gateway.ask('/gemini/a')).rejects.toThrow(/terminated|closed|reset|aborted/i)
  expect(upstream.arrivals).toHaveLength(1)
  expect((await gateway.ask('/gemini/a')).headers['x-gateway-error']).toBe('circuit_open')
  const { text } = await gateway.ask('/metrics')
  expect(text).toContain('gateway_requests_total{upstream="gemini",outcome="connection_error",reason="body_broken"} 1')
})

it('an answer cut short before the client has any of it is a failed attempt, and repeated', async () => {
  await using upstream = await scriptedUpstream((response, { ordinal }) => {
    if (ordinal > 0) return answer(response, 200, { whole: true })
    response.writeHead(200, { 'content-length': '100000' })
    response.write(Buffer.alloc(50_000), () => response.socket!.resetAndDestroy())
  })
  await using gateway = await rig({ gemini: upstream.url }, { config: retrying })
  const { status, text } = await gateway.ask('/gemini/a')
  expect({ status, text }).toEqual({ status: 200, text: '{"whole":true}' })
  expect(upstream.arrivals).toHaveLength(2)
})

it('an answer that stays cut short is a 502 that says so', async () => {
  await using upstream = await scriptedUpstream((response) => {
    response.writeHead(200, { 'content-length': '100' })
    response.write('half', () => response.socket!.end())
  })
  await using gateway = await rig({ gemini: upstream.url }, { config: retrying })
  const { status, headers } = await gateway.ask('/gemini/a')
  expect({ status, error: headers['x-gateway-error'] }).toEqual({ status: 502, error: 'body_broken' })
})

it('an answer that is no HTTP is a connection error', async () => {
  await using garbage = await listen(createServer((socket) => socket.on('error', () => {}).end('this is no HTTP\r\n\r\n')))
  await using gateway = await rig({ gemini: garbage.url })
  const { status, headers } = await gateway.ask('/gemini/a')
  expect({ status, error: headers['x-gateway-error'] }).toEqual({ status: 502, error: 'connection_error' })
})

it.each([64, 200])('R27 a thousand discarded answers of %d KiB leave no connections behind', async (kib) => {
  const large = Buffer.alloc(kib * 1024)
  const failed = new Set<string>()
  await using upstream = await scriptedUpstream((response, { headers }) => {
    const id = headers['x-request-id'] as string
    if (failed.has(id)) return answer(response)
    failed.add(id)
    response.writeHead(503, { 'content-length': String(large.length) }).end(large)
  })
  await using gateway = await rig({ gemini: upstream.url }, { config: { upstreams: { gemini: { retry: quickRetry } } } })
  const one = async (): Promise<void> => {
    for (let count = 0; count < 100; count++) expect((await gateway.ask('/gemini/a')).status).toBe(200)
  }
  await Promise.all(Array.from({ length: 10 }, one))
  expect(upstream.arrivals).toHaveLength(2000)
  // Ten callers, and each may still drain an answer while its next attempt runs.
  expect(upstream.openSockets).toBeLessThanOrEqual(40)
  expect(upstream.connections).toBeLessThanOrEqual(60)
})

it('R28 the timeout of an attempt is retried, a client that leaves is not', async () => {
  await using upstream = await scriptedUpstream((response, { ordinal }) => {
    if (ordinal === 1) answer(response)
  })
  const config = { upstreams: { gemini: { retry: quickRetry, timeout: { attempt: '100ms' } } } }
  await using gateway = await rig({ gemini: upstream.url }, { config })
  expect((await gateway.ask('/gemini/a')).headers['x-gateway-attempts']).toBe('2')
  const leaving = new AbortController()
  const asked = gateway.ask('/gemini/a', { signal: leaving.signal })
  await eventually('the third request is at the upstream', () => upstream.arrivals.length === 3)
  leaving.abort()
  await expect(asked).rejects.toThrow(/abort/i)
  await realClock.sleep(250)
  expect(upstream.arrivals).toHaveLength(3)
})
