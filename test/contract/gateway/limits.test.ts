// Size limits and the in-flight cap: what the gateway refuses before any policy.
import { connect } from 'node:net'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { realClock } from '../../../src/kernel/clock.ts'
import { answer, eventually, rig, scriptedUpstream } from './rig.ts'

const small = { server: { maxRequestBytes: 1000 } }

it('S01 refuses a body that says it is too large, with the limit, and sends nothing upstream', async () => {
  await using upstream = await scriptedUpstream((response) => answer(response))
  await using gateway = await rig({ gemini: upstream.url }, { config: small })
  const { status, headers, text } = await gateway.ask('/gemini/a', { method: 'POST', body: Buffer.alloc(1001) })
  expect({ status, error: headers['x-gateway-error'] }).toEqual({ status: 413, error: 'request_too_large' })
  expect(JSON.parse(text).error.message).toContain('1000 bytes')
  expect((await gateway.ask('/gemini/a', { method: 'POST', body: Buffer.alloc(1000) })).status).toBe(200)
  expect(upstream.arrivals).toHaveLength(1)
})

it('S01 refuses a chunked body as soon as it is too large', async () => {
  await using upstream = await scriptedUpstream((response) => answer(response))
  await using gateway = await rig({ gemini: upstream.url }, { config: small })
  const socket = connect(gateway.gateway.port, '127.0.0.1')
  const received: string[] = []
  socket.on('data', (chunk) => received.push(String(chunk)))
  socket.on('error', () => {})
  socket.write('POST /gemini/a HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n')
  // The body never ends by itself: only the limit can end it.
  for (let sent = 0; received.length === 0 && sent < 1000; sent++) {
    socket.write(`1f4\r\n${'x'.repeat(500)}\r\n`)
    await realClock.sleep(1)
  }
  expect(received[0]).toMatch(/^HTTP\/1\.1 413 /)
  await eventually('the connection is closed', () => socket.closed)
  expect(upstream.connections).toBe(0)
})

it.each([
  ['gzip', gzipSync],
  ['br', brotliCompressSync],
])('S01 refuses a small %s body that decodes to a large one', async (encoding, compress) => {
  await using upstream = await scriptedUpstream((response) => answer(response))
  await using gateway = await rig({ gemini: upstream.url }, { config: small })
  const post = (body: Buffer) => gateway.ask('/gemini/a', { method: 'POST', body, headers: { 'content-encoding': encoding } })
  expect((await post(compress(Buffer.alloc(500_000)))).status).toBe(413)
  expect(upstream.arrivals).toHaveLength(0)
  const fine = compress(Buffer.alloc(900))
  expect((await post(fine)).status).toBe(200)
  expect(upstream.arrivals[0]!.body.equals(fine)).toBe(true)
})

it('lets a client that waits for 100-continue send its body', async () => {
  await using upstream = await scriptedUpstream((response, { body }) => answer(response, 200, { body: String(body) }))
  await using gateway = await rig({ gemini: upstream.url })
  const socket = connect(gateway.gateway.port, '127.0.0.1')
  let received = ''
  socket.on('data', (chunk) => {
    received += String(chunk)
    if (received.endsWith('100 Continue\r\n\r\n')) socket.write('hello')
  })
  socket.write('POST /gemini/a HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\nexpect: 100-continue\r\nconnection: close\r\n\r\n')
  await eventually('the answer is there', () => socket.closed)
  expect(received).toContain('{"body":"hello"}')
})

it('refuses above the in-flight cap, and only then', async () => {
  const waiting: (() => void)[] = []
  await using upstream = await scriptedUpstream((response) => waiting.push(() => answer(response)))
  await using gateway = await rig({ gemini: upstream.url }, { config: { server: { inFlight: 2 } } })
  const admitted = [gateway.ask('/gemini/1'), gateway.ask('/gemini/2')]
  await eventually('two are at the upstream', () => waiting.length === 2)
  const { status, headers } = await gateway.ask('/gemini/3')
  expect({ status, error: headers['x-gateway-error'], outcome: headers['x-gateway-outcome'] }).toEqual({
    status: 503,
    error: 'in_flight_cap',
    outcome: 'shed',
  })
  for (const finish of waiting) finish()
  await Promise.all(admitted)
  const next = gateway.ask('/gemini/4')
  await eventually('the next is at the upstream', () => waiting.length === 3)
  waiting[2]!()
  expect((await next).status).toBe(200)
})

it('L05 limits each client by itself, and admits it again when Retry-After says so', async () => {
  await using upstream = await scriptedUpstream((response) => answer(response))
  const config = { server: { clientRateLimit: { limit: 1, per: '1s', burst: 2, by: 'X-Api-Key' } } }
  await using gateway = await rig({ gemini: upstream.url }, { config })
  const ask = (key: string) => gateway.ask('/gemini/a', { headers: { 'x-api-key': key } })
  const statuses: number[] = []
  for (let count = 0; count < 3; count++) statuses.push((await ask('one')).status)
  expect(statuses).toEqual([200, 200, 429])
  expect((await ask('two')).status).toBe(200)
  const { headers } = await ask('one')
  expect(headers).toMatchObject({ 'x-gateway-error': 'rate_limited', 'x-gateway-outcome': 'limited', 'retry-after': '1' })
  await realClock.sleep(Number(headers['retry-after']) * 1000)
  expect((await ask('one')).status).toBe(200)
})

it('refuses new requests while its event loop is late, and takes them again', async () => {
  await using upstream = await scriptedUpstream((response) => answer(response))
  await using gateway = await rig({ gemini: upstream.url }, { config: { server: { maxLoopDelay: '200ms' } } })
  expect((await gateway.ask('/gemini/a')).status).toBe(200)
  // The gateway shares this process: whatever blocks it here blocks the gateway.
  const late = gateway.ask('/gemini/b')
  const end = realClock.now() + 400
  while (realClock.now() < end);
  const { status, headers, text } = await late
  expect({ status, error: headers['x-gateway-error'], retry: headers['retry-after'] }).toEqual({
    status: 503,
    error: 'overloaded',
    retry: '1',
  })
  expect(JSON.parse(text).error.technical_message).toMatch(/event loop is \d+ ms late/)
  await realClock.sleep(120)
  expect((await gateway.ask('/gemini/c')).status).toBe(200)
  expect(upstream.arrivals).toHaveLength(2)
})
