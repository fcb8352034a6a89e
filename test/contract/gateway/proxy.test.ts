// What passes the gateway unchanged, and what it adds.
import { gatewayOnly, marks } from '../../../src/contract/headers.ts'
import { once } from 'node:events'
import { connect } from 'node:net'
import { pino } from 'pino'
import { expect, it } from 'vitest'
import { realClock } from '../../../src/kernel/clock.ts'
import { answer, eventually, rig, scriptedUpstream } from './rig.ts'

it.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND'] as const)(
  'passes %s with path, query, headers and body',
  async (method) => {
    await using upstream = await scriptedUpstream((response) => answer(response, 201, { made: true }, { 'x-upstream': 'yes' }))
    await using gateway = await rig({ gemini: `${upstream.url}/base/` })
    const options = {
      method: method as 'GET',
      headers: { 'x-mine': '1', 'content-type': 'not/a type' },
      ...(method === 'GET' ? {} : { body: 'hello' }),
    }
    const { status, headers, text } = await gateway.ask('/gemini/v1beta/models/a:generate?key=%2F&x=/y', options)
    expect({ status, text }).toEqual({ status: 201, text: '{"made":true}' })
    expect(headers).toMatchObject({ 'x-upstream': 'yes', 'x-gateway-outcome': 'ok', 'x-gateway-attempts': '1' })
    expect(headers['x-response-time']).toMatch(/^\d+\.\dms$/)
    const [arrival] = upstream.arrivals
    expect(arrival).toMatchObject({ method, url: '/base/v1beta/models/a:generate?key=%2F&x=/y' })
    expect(String(arrival!.body)).toBe(method === 'GET' ? '' : 'hello')
    expect(arrival!.headers).toMatchObject({ 'x-mine': '1', 'content-type': 'not/a type', host: new URL(upstream.url).host })
  },
)

it.each([
  ['/gemini', '/'],
  ['/gemini/', '/'],
  ['/gemini?x=a/b', '/?x=a/b'],
])('sends %s to %s', async (asked, arrived) => {
  await using upstream = await scriptedUpstream((response) => answer(response))
  await using gateway = await rig({ gemini: upstream.url })
  await gateway.ask(asked)
  expect(upstream.arrivals[0]!.url).toBe(arrived)
})

it('understands a client that sends the whole URL', async () => {
  await using upstream = await scriptedUpstream((response) => answer(response))
  await using gateway = await rig({ gemini: upstream.url })
  const socket = connect(gateway.gateway.port, '127.0.0.1')
  socket.write('GET http://gateway.test/gemini/v1/models?x=1 HTTP/1.1\r\nhost: gateway.test\r\nconnection: close\r\n\r\n')
  socket.resume()
  await eventually('the answer is there', () => socket.closed)
  expect(upstream.arrivals.map(({ url }) => url)).toEqual(['/v1/models?x=1'])
})

it('answers a URL that cannot be decoded with the error envelope', async () => {
  await using upstream = await scriptedUpstream((response) => answer(response))
  await using gateway = await rig({ gemini: upstream.url })
  const { status, headers, text } = await gateway.ask('/gemini/%zz')
  expect({ status, error: headers['x-gateway-error'] }).toEqual({ status: 400, error: 'bad_request' })
  expect(JSON.parse(text).error.technical_message).toContain('%zz')
})

it('passes the client’s request id on and gives it back; makes one where there is none', async () => {
  await using upstream = await scriptedUpstream((response) => answer(response))
  await using gateway = await rig({ gemini: upstream.url })
  const named = await gateway.ask('/gemini/a', { headers: { 'X-Request-Id': 'req-1' } })
  expect(named.headers['x-request-id']).toBe('req-1')
  const nameless = await gateway.ask('/gemini/a')
  expect(nameless.headers['x-request-id']).toMatch(/./)
  expect(upstream.arrivals.map(({ headers }) => headers['x-request-id'])).toEqual(['req-1', nameless.headers['x-request-id']])
})

it('lets no upstream forge the gateway’s own marks', async () => {
  const forged = Object.fromEntries([...gatewayOnly].map((name) => [name, 'forged']))
  await using upstream = await scriptedUpstream((response) => answer(response, 503, {}, forged))
  await using gateway = await rig({ gemini: upstream.url })
  const { headers } = await gateway.ask('/gemini/a')
  expect(Object.entries(headers).filter(([, value]) => value === 'forged')).toEqual([])
  expect(headers[marks.outcome]).toBe('upstream_error')
})

it('delivers answers without a body as they are', async () => {
  await using upstream = await scriptedUpstream((response, { url }) => {
    response.writeHead(url === '/none' ? 204 : 304, { etag: 'e' }).end()
  })
  await using gateway = await rig({ gemini: upstream.url })
  for (const [path, status] of [
    ['/gemini/none', 204],
    ['/gemini/same', 304],
  ] as const) {
    const { status: received, headers, text } = await gateway.ask(path)
    expect({ received, text, etag: headers.etag }).toEqual({ received: status, text: '', etag: 'e' })
    expect(headers['content-length']).toBeUndefined()
  }
})

it('answers HEAD with the length of the body it does not send', async () => {
  await using upstream = await scriptedUpstream((response) => response.writeHead(200, { 'content-length': '1234' }).end())
  await using gateway = await rig({ gemini: upstream.url })
  const { status, headers } = await gateway.ask('/gemini/a', { method: 'HEAD' })
  expect({ status, length: headers['content-length'] }).toEqual({ status: 200, length: '1234' })
})

it('delivers a body much larger than any buffer whole, to a slow client too', async () => {
  const body = Buffer.alloc(8 * 1024 * 1024)
  for (let at = 0; at < body.length; at += 4) body.writeUInt32LE(at, at)
  await using upstream = await scriptedUpstream((response) => response.writeHead(200, { 'content-length': String(body.length) }).end(body))
  await using gateway = await rig({ gemini: upstream.url })
  const socket = connect(gateway.gateway.port, '127.0.0.1')
  const chunks: Buffer[] = []
  socket.write('GET /gemini/a HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n')
  socket.once('data', (chunk: Buffer) => {
    chunks.push(chunk)
    socket.pause()
    realClock.after(200, () => socket.on('data', (next: Buffer) => chunks.push(next)).resume())
  })
  await eventually('the body is there', () => socket.closed, 20_000)
  const received = Buffer.concat(chunks)
  expect(received.subarray(received.indexOf('\r\n\r\n') + 4).equals(body)).toBe(true)
})

it('reads no faster from the upstream than the client reads', async () => {
  const size = 48 * 1024 * 1024
  let sent = false
  await using upstream = await scriptedUpstream((response) => {
    response.writeHead(200, { 'content-length': String(size) }).end(Buffer.alloc(size), () => (sent = true))
  })
  await using gateway = await rig({ gemini: upstream.url })
  const socket = connect(gateway.gateway.port, '127.0.0.1')
  socket.write('GET /gemini/a HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n')
  await once(socket, 'readable')
  // Long enough to read it all; kernel buffers hold a part of it, the gateway must not hold the rest.
  await realClock.sleep(1500)
  expect(sent).toBe(false)
  let received = 0
  socket.on('data', (chunk) => (received += chunk.length))
  await eventually('the body is there', () => socket.closed, 30_000)
  expect(received).toBeGreaterThan(size)
})

it('stops as soon as an answer that was under way has ended, though its connection could have served again', async () => {
  let finish!: () => void
  await using upstream = await scriptedUpstream((response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: first\n\n')
    finish = () => response.end()
  })
  await using gateway = await rig({ gemini: upstream.url })
  const socket = connect(gateway.gateway.port, '127.0.0.1')
  socket.write('GET /gemini/a HTTP/1.1\r\nhost: x\r\n\r\n')
  await once(socket, 'data')
  const began = realClock.now()
  const stopped = gateway.gateway.stop()
  const refused = () =>
    gateway.ask('/healthz').then(
      () => false,
      () => true,
    )
  while (!(await refused())) await realClock.sleep(5)
  finish()
  await stopped
  // The drain limit would end it after ten seconds.
  expect(realClock.now() - began).toBeLessThan(5000)
})

it('hands a chunked answer on as it comes, once it is committed', async () => {
  let finish!: () => void
  await using upstream = await scriptedUpstream((response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write('data: first\n\n')
    finish = () => response.end('data: last\n\n')
  })
  await using gateway = await rig({ gemini: upstream.url })
  const socket = connect(gateway.gateway.port, '127.0.0.1')
  let received = ''
  socket.on('data', (chunk) => (received += String(chunk)))
  socket.write('GET /gemini/a HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n')
  await eventually('the first event is there', () => received.includes('data: first'))
  expect(received).not.toContain('data: last')
  finish()
  await eventually('the stream has ended', () => socket.closed)
  expect(received).toContain('data: last')
  expect(received.endsWith('0\r\n\r\n')).toBe(true)
})

it('names the upstreams it knows when asked for one it does not', async () => {
  await using upstream = await scriptedUpstream((response) => answer(response))
  await using gateway = await rig({ gemini: upstream.url, assemblyai: upstream.url })
  const { status, headers, text } = await gateway.ask('/gemni/a')
  expect({ status, error: headers['x-gateway-error'] }).toEqual({ status: 404, error: 'not_found' })
  expect(JSON.parse(text).error.technical_message).toContain('/gemini/, /assemblyai/')
})

it('is alive and ready whatever becomes of its upstreams', async () => {
  await using upstream = await scriptedUpstream((response) => answer(response, 503))
  await using gateway = await rig({ gemini: upstream.url }, { config: { upstreams: { gemini: { breaker: { failures: 1 } } } } })
  await gateway.ask('/gemini/a')
  expect((await gateway.ask('/gemini/a')).headers['x-gateway-error']).toBe('circuit_open')
  for (const path of ['/healthz', '/readyz']) expect((await gateway.ask(path)).status).toBe(200)
})

it('an upstream that refuses connections is a 502', async () => {
  const upstream = await scriptedUpstream((response) => answer(response))
  await upstream.close()
  await using gateway = await rig({ gemini: upstream.url })
  const { status, headers } = await gateway.ask('/gemini/a')
  expect({ status, error: headers['x-gateway-error'] }).toEqual({ status: 502, error: 'connection_error' })
})

it('logs a slow request with what became of it, and a very slow one as that', async () => {
  const lines: string[] = []
  const log = pino({ base: null }, { write: (line: string) => void lines.push(line) })
  await using upstream = await scriptedUpstream((response, { url }) => {
    realClock.after(url === '/quick' ? 0 : url === '/slow' ? 60 : 350, () => answer(response))
  })
  const config = { server: { slowRequest: '50ms', verySlowRequest: '300ms' } }
  await using gateway = await rig({ gemini: upstream.url }, { config, log })
  for (const path of ['very-slow', 'slow']) await gateway.ask(`/gemini/${path}`, { headers: { 'x-request-id': path } })
  await eventually('both are logged', () => lines.length >= 2)
  const [verySlow, slow] = lines.map((line) => JSON.parse(line))
  const facts = { upstream: 'gemini', status: 200, outcome: 'ok', reason: 'none', attempts: 1 }
  expect(verySlow).toMatchObject({ ...facts, msg: 'very slow request', request: 'very-slow' })
  expect(slow).toMatchObject({ ...facts, request: 'slow' })
  expect(slow.msg).toMatch(/slow request$/)
  expect(slow.duration_ms).toBeGreaterThanOrEqual(59)
})
