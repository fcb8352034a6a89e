// What an upstream is told of a request's way, and what it is not told.
import { createServer as createHttpServer } from 'node:http'
import { createServer } from 'node:net'
import { Agent } from 'undici'
import { expect, it } from 'vitest'
import { listen } from '../../../src/kernel/server.ts'
import { sendBytes } from '../hostile/raw.ts'
import { answer, eventually, rig, scriptedUpstream } from './rig.ts'

it('adds itself to Via, behind whoever is there already', async () => {
  await using upstream = await scriptedUpstream((response) => answer(response))
  await using gateway = await rig({ a: upstream.url })
  await gateway.ask('/a/x', { headers: { via: '1.0 fred' } })
  expect(upstream.arrivals[0]!.headers.via).toMatch(/^1\.0 fred, 1\.1 gatecrash-[\w-]+$/)
})

it('answers 508 when an upstream leads back to it, and blames the upstream for nothing', async () => {
  // The proxy is started first: the gateway must know its address.
  let back = ''
  const agent = new Agent()
  await using proxy = await listen(
    createHttpServer((request, response) => {
      agent
        .request({ origin: back, path: '/a/x', method: 'GET', headers: { via: String(request.headers.via) } })
        .then(async ({ statusCode, headers, body }) => {
          response.writeHead(statusCode, { 'x-seen': String(headers['x-gateway-error']) }).end(await body.text())
        })
        .catch(() => response.destroy())
    }),
  )
  await using gateway = await rig({ a: proxy.url })
  back = gateway.gateway.url
  expect(await gateway.ask('/a/x')).toMatchObject({ status: 508, headers: { 'x-seen': 'loop' } })
  await agent.destroy()
})

it.each([
  ['pass', { 'x-forwarded-for': '9.9.9.9', forwarded: 'for=9.9.9.9' }],
  ['remove', {}],
  ['x-forwarded', { 'x-forwarded-for': '9.9.9.9, 127.0.0.1', 'x-forwarded-proto': 'http' }],
  ['forwarded', { forwarded: expect.stringMatching(/^for=9\.9\.9\.9, for=127\.0\.0\.1;host="127\.0\.0\.1:\d+";proto=http$/) }],
] as const)('tells of the client’s address as the setting %s says', async (forwarded, told) => {
  await using upstream = await scriptedUpstream((response) => answer(response))
  await using gateway = await rig({ a: upstream.url }, { config: { server: { forwarded } } })
  await gateway.ask('/a/x', { headers: { 'x-forwarded-for': '9.9.9.9', forwarded: 'for=9.9.9.9' } })
  const { headers } = upstream.arrivals[0]!
  const seen = Object.fromEntries(
    ['x-forwarded-for', 'x-forwarded-proto', 'forwarded'].flatMap((name) => (headers[name] === undefined ? [] : [[name, headers[name]]])),
  )
  expect(seen).toEqual(told)
})

const secrets = {
  authorization: 'Bearer s',
  cookie: 'sid=s',
  'x-api-key': 's',
  'x-goog-api-key': 's',
  'x-amz-security-token': 's',
  'X-Session-Id': 's',
}

it.each([
  ['keeps credentials from a stand-in', {}, false],
  ['hands credentials to a stand-in where the settings say so', { credentials: true }, true],
])('%s', async (_name, more, handed) => {
  await using upstream = await scriptedUpstream((response) => answer(response, 503))
  await using standIn = await scriptedUpstream((response) => answer(response))
  const fallback = { kind: 'route' as const, upstream: 'b', ...more }
  await using gateway = await rig({ a: upstream.url, b: standIn.url }, { config: { upstreams: { a: { fallback } } } })
  const { status } = await gateway.ask('/a/x?key=s&q=1&access_token=s&page=%2F', { headers: { ...secrets, 'x-mine': '1' } })
  expect(status).toBe(200)
  expect(upstream.arrivals[0]!.headers).toMatchObject({ authorization: 'Bearer s', 'x-mine': '1' })
  const [arrival] = standIn.arrivals
  expect(arrival!.headers['x-mine']).toBe('1')
  expect(arrival!.url).toBe(handed ? '/x?key=s&q=1&access_token=s&page=%2F' : '/x?q=1&page=%2F')
  for (const name of Object.keys(secrets)) expect(name.toLowerCase() in arrival!.headers, name).toBe(handed)
})

it('counts Max-Forwards down, for the methods that it is meant for', async () => {
  await using upstream = await scriptedUpstream((response) => answer(response))
  await using gateway = await rig({ a: upstream.url })
  await gateway.ask('/a/x', { method: 'OPTIONS', headers: { 'max-forwards': '3' } })
  await gateway.ask('/a/x', { headers: { 'max-forwards': '3' } })
  expect(upstream.arrivals.map(({ headers }) => headers['max-forwards'])).toEqual(['2', '3'])
})

it('hands on the trailers of an answer that is handed on as it arrives', async () => {
  const large = 'x'.repeat(200_000)
  await using upstream = await scriptedUpstream((response) => {
    response.writeHead(200, { 'transfer-encoding': 'chunked', trailer: 'x-sum' })
    response.write(large)
    response.addTrailers({ 'x-sum': '7' })
    response.end()
  })
  await using gateway = await rig({ a: upstream.url })
  const { text } = await sendBytes(gateway.gateway.port, 'GET /a/x HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n', 3000)
  expect(text.endsWith('0\r\nx-sum: 7\r\n\r\n')).toBe(true)
})

it.each([
  ['no key', {}, 1],
  ['a blank key', { 'idempotency-key': '  ' }, 1],
  ['a key', { 'idempotency-key': 'k' }, 2],
])('repeats a POST with %s as often as is harmless', async (_name, headers, attempts) => {
  await using upstream = await scriptedUpstream((response, { ordinal }) => answer(response, ordinal === 0 ? 503 : 200))
  await using gateway = await rig({ a: upstream.url }, { config: { upstreams: { a: { retry: { base: '1ms', attempts: 2 } } } } })
  await gateway.ask('/a/x', { method: 'POST', body: 'b', headers })
  expect(upstream.arrivals).toHaveLength(attempts)
})

it('uses no connection again whose request was answered before it was sent', async () => {
  let connections = 0
  const paths: string[] = []
  // Answers at the head, and reads nothing of the body.
  await using upstream = await listen(
    createServer((socket) => {
      connections++
      socket.on('error', () => {})
      socket.once('data', (head) => {
        paths.push(String(head).split(' ', 2)[1]!)
        socket.pause()
        socket.write('HTTP/1.1 413 Too Large\r\ncontent-length: 2\r\n\r\nno')
      })
    }),
  )
  await using gateway = await rig({ a: upstream.url }, { config: { upstreams: { a: { timeout: { attempt: '1s' } } } } })
  const large = { method: 'POST', body: Buffer.alloc(16 * 1024 * 1024) } as const
  for (let time = 1; time <= 3; time++) {
    expect((await gateway.ask(`/a/${time}`, large)).status).toBe(413)
    expect(connections).toBe(time)
  }
  expect(paths).toEqual(['/1', '/2', '/3'])
})

it('holds no more of all bodies together than the settings say', async () => {
  await using upstream = await scriptedUpstream((response) => answer(response))
  const limits = { maxRequestBytes: 100_000, bodyBudgetBytes: 250_000, bodyTimeout: '500ms' }
  await using gateway = await rig({ a: upstream.url }, { config: { server: limits } })
  const unfinished = `POST /a/x HTTP/1.1\r\nhost: x\r\ncontent-length: 100000\r\n\r\n${'x'.repeat(90_000)}`
  const heard = Promise.all(Array.from({ length: 12 }, () => sendBytes(gateway.gateway.port, unfinished, 3000, 1)))
  await eventually('bodies are held', () => gateway.gateway.bodyBytes > 100_000)
  expect(gateway.gateway.bodyBytes).toBeLessThanOrEqual(250_000)
  const statuses = (await heard).map(({ answers }) => answers[0]!.status)
  expect(statuses.filter((status) => status === 503).length).toBeGreaterThanOrEqual(9)
  expect(statuses.every((status) => status === 503 || status === 408)).toBe(true)
  await eventually('nothing is held', () => gateway.gateway.bodyBytes === 0 && gateway.gateway.inFlight === 0)
  expect((await gateway.ask('/a/x', { method: 'POST', body: 'fine' })).status).toBe(200)
})

it('takes no more requests for one upstream than the settings say, and lets the other go on', async () => {
  await using hanging = await scriptedUpstream(() => {})
  await using upstream = await scriptedUpstream((response) => answer(response))
  await using gateway = await rig({ a: hanging.url, b: upstream.url }, { config: { server: { inFlightPerUpstream: 5 } } })
  const asked = Array.from({ length: 5 }, () => gateway.ask('/a/x').catch(() => undefined))
  await eventually('five are there', () => hanging.arrivals.length === 5)
  expect(await gateway.ask('/a/x')).toMatchObject({ status: 503, headers: { 'x-gateway-error': 'in_flight_cap' } })
  expect((await gateway.ask('/b/x')).status).toBe(200)
  await hanging.close()
  await Promise.all(asked)
})
