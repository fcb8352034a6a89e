// Timeouts and cancellation over real sockets. Lower bounds are exact; upper bounds are wide, the machine may be busy.
import { Readable } from 'node:stream'
import { Agent, request as send } from 'undici'
import { expect, it } from 'vitest'
import { realClock } from '../../../src/kernel/clock.ts'
import { answer, eventually, rig, scriptedUpstream } from './rig.ts'

const hang = (): void => {}

it('T01 answers 504 at the attempt timeout and closes the connection to the upstream', async () => {
  await using upstream = await scriptedUpstream(hang)
  await using gateway = await rig({ gemini: upstream.url }, { config: { upstreams: { gemini: { timeout: { attempt: '200ms' } } } } })
  const { status, headers, text, tookMs } = await gateway.ask('/gemini/slow')
  const answeredAt = realClock.now()
  expect(status).toBe(504)
  expect(headers['x-gateway-error']).toBe('timeout')
  expect(headers['x-gateway-outcome']).toBe('timeout')
  expect(JSON.parse(text)).toMatchObject({ error: { code: 'upstream_timeout', retryable: true } })
  expect(tookMs).toBeGreaterThanOrEqual(199)
  expect(tookMs).toBeLessThan(1200)
  expect((await upstream.arrivals[0]!.gone) - answeredAt).toBeLessThan(500)
})

it('T02 a timeout of one call leaves a call beside it alone', async () => {
  await using upstream = await scriptedUpstream((response, { url }) => {
    if (url === '/quick') realClock.after(250, () => answer(response))
  })
  await using gateway = await rig({ gemini: upstream.url }, { config: { upstreams: { gemini: { timeout: { attempt: '300ms' } } } } })
  const slow = gateway.ask('/gemini/slow')
  await realClock.sleep(200)
  const quick = gateway.ask('/gemini/quick')
  expect((await slow).status).toBe(504)
  expect((await quick).status).toBe(200)
})

it('T03 a call after a timeout reaches the upstream', async () => {
  await using upstream = await scriptedUpstream((response, { ordinal }) => {
    if (ordinal > 0) answer(response)
  })
  await using gateway = await rig({ gemini: upstream.url }, { config: { upstreams: { gemini: { timeout: { attempt: '50ms' } } } } })
  expect((await gateway.ask('/gemini/a')).status).toBe(504)
  expect((await gateway.ask('/gemini/a')).status).toBe(200)
})

it('T04 ten thousand calls leave no listeners behind and raise no warning', async () => {
  const warnings: Error[] = []
  const warned = (warning: Error): void => void warnings.push(warning)
  process.on('warning', warned)
  await using upstream = await scriptedUpstream((response) => answer(response))
  await using gateway = await rig({ gemini: upstream.url })
  const one = async (): Promise<void> => {
    for (let count = 0; count < 500; count++) expect((await gateway.ask('/gemini/a')).status).toBe(200)
  }
  await Promise.all(Array.from({ length: 20 }, one))
  process.off('warning', warned)
  expect(upstream.arrivals).toHaveLength(10_000)
  expect(warnings).toEqual([])
})

it('T05 nothing waits to time out after a success', async () => {
  await using upstream = await scriptedUpstream((response) => answer(response))
  await using gateway = await rig({ gemini: upstream.url })
  expect((await gateway.ask('/gemini/a')).status).toBe(200)
  expect(gateway.gateway.timeoutsWaiting).toBe(0)
})

it('T06 a body that stalls after the headers is a timeout and counts as a failure', async () => {
  await using upstream = await scriptedUpstream((response) => {
    response.writeHead(200, { 'content-length': '1000' })
    response.write('half')
  })
  const config = { upstreams: { gemini: { timeout: { attempt: '100ms' }, breaker: { failures: 1 } } } }
  await using gateway = await rig({ gemini: upstream.url }, { config })
  const { status, headers } = await gateway.ask('/gemini/a')
  expect({ status, error: headers['x-gateway-error'] }).toEqual({ status: 504, error: 'timeout' })
  expect((await gateway.ask('/gemini/a')).headers['x-gateway-error']).toBe('circuit_open')
})

it('T06 a body that stalls after it was begun to be handed on breaks off at the client', async () => {
  await using upstream = await scriptedUpstream((response) => {
    response.writeHead(200, { 'content-length': '100000' })
    response.write('x'.repeat(1000))
  })
  const config = { upstreams: { gemini: { timeout: { attempt: '150ms' }, breaker: { failures: 1 } } }, server: { commitBytes: 10 } }
  await using gateway = await rig({ gemini: upstream.url }, { config })
  await expect(gateway.ask('/gemini/a')).rejects.toThrow(/terminated|closed|reset|aborted/i)
  await eventually('the breaker has counted it', () => upstream.concurrent === 0)
  expect((await gateway.ask('/gemini/a')).headers['x-gateway-error']).toBe('circuit_open')
})

it('T07 a request whose client is gone before its body is whole never reaches the upstream and takes nothing', async () => {
  await using upstream = await scriptedUpstream((response) => answer(response))
  const config = { upstreams: { gemini: { breaker: {}, bulkhead: { concurrent: 1 } } } }
  await using gateway = await rig({ gemini: upstream.url }, { config })
  const gone = new AbortController()
  const half = async function* () {
    yield Buffer.from('half of it')
    gone.abort()
    await realClock.sleep(20)
  }
  await expect(
    send(`${gateway.gateway.url}/gemini/a`, { method: 'POST', body: Readable.from(half()), signal: gone.signal }),
  ).rejects.toThrow(/terminated|closed|reset|aborted/i)
  expect((await gateway.ask('/gemini/a')).status).toBe(200)
  expect(upstream.arrivals).toHaveLength(1)
  const { text } = await gateway.ask('/metrics')
  expect(text).toContain('gateway_breaker_admissions_total{upstream="gemini",result="admitted"} 1')
})

it('T08 an answer that comes after the timeout changes nothing', async () => {
  await using upstream = await scriptedUpstream((response, { ordinal }) => {
    if (ordinal === 0) realClock.after(150, () => answer(response))
    else answer(response)
  })
  const rejections: unknown[] = []
  const rejected = (reason: unknown): void => void rejections.push(reason)
  process.on('unhandledRejection', rejected)
  const config = { upstreams: { gemini: { timeout: { attempt: '50ms' }, breaker: { failures: 2 } } } }
  await using gateway = await rig({ gemini: upstream.url }, { config })
  expect((await gateway.ask('/gemini/a')).status).toBe(504)
  await realClock.sleep(200)
  const circuits = JSON.parse((await gateway.ask('/api/v1/resilience/circuit-breakers')).text)
  process.off('unhandledRejection', rejected)
  expect(circuits.gemini).toMatchObject({ state: 'closed', failure_count: 1 })
  expect(rejections).toEqual([])
})

it('T09 a client that leaves ends the upstream request, gives its slot back and counts as nothing', async () => {
  await using upstream = await scriptedUpstream((response, { url }) => {
    if (url !== '/hang') answer(response)
  })
  const config = { upstreams: { gemini: { breaker: { failures: 1 }, bulkhead: { concurrent: 1 } } } }
  await using gateway = await rig({ gemini: upstream.url }, { config })
  const leaving = new AbortController()
  const hanging = gateway.ask('/gemini/hang', { signal: leaving.signal })
  await eventually('the request is at the upstream', () => upstream.arrivals.length === 1)
  const leftAt = realClock.now()
  leaving.abort()
  await expect(hanging).rejects.toThrow(/abort/i)
  expect((await upstream.arrivals[0]!.gone) - leftAt).toBeLessThan(1000)
  expect((await gateway.ask('/gemini/b')).status).toBe(200)
  const { text } = await gateway.ask('/metrics')
  expect(text).toContain('gateway_breaker_admissions_total{upstream="gemini",result="neutral"} 1')
  expect(text).toContain('gateway_requests_total{upstream="gemini",outcome="client_gone",reason="none"} 1')
})

it('T10 the total deadline also covers a body that streams steadily', async () => {
  await using upstream = await scriptedUpstream((response) => {
    response.writeHead(200, { 'content-type': 'application/octet-stream' })
    const drip = (): void => {
      response.write(Buffer.alloc(4096))
      if (!response.destroyed) realClock.after(10, drip)
    }
    drip()
  })
  const config = { upstreams: { gemini: { timeout: { attempt: '200ms', total: '500ms' } } }, server: { commitBytes: 1000 } }
  await using gateway = await rig({ gemini: upstream.url }, { config })
  const began = realClock.now()
  await expect(gateway.ask('/gemini/endless')).rejects.toThrow(/terminated|closed|reset|aborted/i)
  expect(realClock.now() - began).toBeGreaterThanOrEqual(490)
  expect(realClock.now() - began).toBeLessThan(2500)
})

it('an event stream outlives the deadlines as long as it is not silent', async () => {
  await using upstream = await scriptedUpstream((response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    let sent = 0
    const next = (): void => {
      response.write(`data: ${sent++}\n\n`)
      if (sent < 8) realClock.after(60, next)
    }
    next()
  })
  const config = { upstreams: { gemini: { timeout: { attempt: '50ms', total: '100ms' } } }, server: { streamIdle: '400ms' } }
  await using gateway = await rig({ gemini: upstream.url }, { config })
  const agent = new Agent()
  const { statusCode, headers, body } = await send(`${gateway.gateway.url}/gemini/stream`, { dispatcher: agent })
  expect({ statusCode, type: headers['content-type'] }).toEqual({ statusCode: 200, type: 'text/event-stream' })
  let text = ''
  await expect(
    (async () => {
      for await (const chunk of body) text += String(chunk)
    })(),
  ).rejects.toThrow(/terminated|closed|reset|aborted/i)
  await agent.destroy()
  expect(text).toContain('data: 7\n\n')
})
