// Clients that send anything. Whatever they send: they are answered in the envelope or cut off, the gateway lives, nothing stays in flight,
// and no breaker hears of it.
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { realClock } from '../../../src/kernel/clock.ts'
import { answer, eventually, type Rig, rig, type ScriptedUpstream, scriptedUpstream } from '../gateway/rig.ts'
import { open, sendBytes } from './raw.ts'

const LIMIT = 10_000

let upstream: ScriptedUpstream
let gateway: Rig
beforeAll(async () => {
  upstream = await scriptedUpstream((response, { url }) => answer(response, 200, { url }))
  const policies = { breaker: { failures: 1 }, retry: { base: '1ms' } }
  gateway = await rig(
    { a: `${upstream.url}/base`, constructor: upstream.url },
    {
      config: {
        upstreams: { a: policies },
        server: { maxRequestBytes: LIMIT, bodyTimeout: '300ms', headTimeout: '400ms', clientRateLimit: undefined },
        services: { operations: {}, health: {} },
      },
    },
  )
})
afterAll(async () => {
  await gateway[Symbol.asyncDispose]()
  await upstream.close()
})

const get = (target: string, ...headers: string[]): string =>
  `GET ${target} HTTP/1.1\r\nhost: gateway.test\r\n${headers.map((line) => `${line}\r\n`).join('')}\r\n`
const post = (body: string | Buffer, ...headers: string[]): Buffer => {
  const bytes = Buffer.from(body)
  return Buffer.concat([
    Buffer.from(
      `POST /a/x HTTP/1.1\r\nhost: gateway.test\r\ncontent-length: ${bytes.length}\r\n${headers.map((line) => `${line}\r\n`).join('')}\r\n`,
    ),
    bytes,
  ])
}
const bomb = Buffer.alloc(1_000_000)

interface Row {
  bytes: string | Buffer
  /** In their order; undefined: cut off without a word. */
  status: number[]
  /** Where the request passed: its target as the upstream got it. */
  arrives?: string
}

const rows: Record<string, Row> = {
  // Names from outside that every object has.
  'a content coding named constructor': { bytes: post('x', 'content-encoding: constructor'), status: [415] },
  'a content coding named __proto__': { bytes: post('x', 'content-encoding: __proto__'), status: [415] },
  'a content coding named toString': { bytes: post('x', 'content-encoding: toString'), status: [415] },
  'an upstream named constructor': { bytes: get('/constructor/x'), status: [200], arrives: '/x' },
  'an upstream named __proto__': { bytes: get('/__proto__/x'), status: [404] },
  'an upstream named hasOwnProperty': { bytes: get('/hasOwnProperty/x'), status: [404] },
  'headers named as members of objects': {
    bytes: get('/a/x', '__proto__: 1', 'constructor: 2', 'toString: 3', 'hasOwnProperty: 4'),
    status: [200],
    arrives: '/base/x',
  },
  // Bodies.
  'an unknown coding': { bytes: post('x', 'content-encoding: secret'), status: [415] },
  'GZIP in capitals, too large when decoded': { bytes: post(gzipSync(bomb), 'content-encoding: GZIP'), status: [413] },
  'x-gzip, too large when decoded': { bytes: post(gzipSync(bomb), 'content-encoding: x-gzip'), status: [413] },
  'gzip in gzip, too large when decoded': { bytes: post(gzipSync(gzipSync(bomb)), 'content-encoding: gzip, gzip'), status: [413] },
  'gzip in gzip on two lines': { bytes: post(gzipSync(gzipSync(bomb)), 'content-encoding: gzip', 'content-encoding: gzip'), status: [413] },
  'deflate, then br': { bytes: post(brotliCompressSync(deflateSync(bomb)), 'content-encoding: deflate, br'), status: [413] },
  'deflate without its header': { bytes: post(deflateRawSync(bomb), 'content-encoding: deflate'), status: [413] },
  'an identity in the list': { bytes: post(gzipSync(bomb), 'content-encoding: identity, gzip'), status: [413] },
  'ten codings': { bytes: post('x', `content-encoding: ${Array(10).fill('gzip').join(',')}`), status: [415] },
  'gzip that is none': { bytes: post('x', 'content-encoding: gzip'), status: [200], arrives: '/base/x' },
  'gzip within the limit': { bytes: post(gzipSync('fine'), 'content-encoding: Gzip'), status: [200], arrives: '/base/x' },
  'a body that says it is too large': { bytes: 'POST /a/x HTTP/1.1\r\nhost: x\r\ncontent-length: 99999999999\r\n\r\n', status: [413] },
  'three bytes of a body': { bytes: 'POST /a/x HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\nabc', status: [408] },
  'a body without its last chunk': {
    bytes: 'POST /a/x HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n3\r\nabc\r\n',
    status: [408],
  },
  'a chunk that is not as long as it says': {
    bytes: 'POST /a/x HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n',
    status: [400],
  },
  // Framing.
  'a length and chunks': {
    bytes: 'POST /a/x HTTP/1.1\r\nhost: x\r\ncontent-length: 3\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
    status: [400],
  },
  'two lengths': { bytes: 'POST /a/x HTTP/1.1\r\nhost: x\r\ncontent-length: 3\r\ncontent-length: 4\r\n\r\nabc', status: [400] },
  'a length with a sign': { bytes: 'POST /a/x HTTP/1.1\r\nhost: x\r\ncontent-length: +3\r\n\r\nabc', status: [400] },
  'gzip, chunked': { bytes: 'POST /a/x HTTP/1.1\r\nhost: x\r\ntransfer-encoding: gzip, chunked\r\n\r\n0\r\n\r\n', status: [501] },
  'chunked twice': { bytes: 'POST /a/x HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked, chunked\r\n\r\n0\r\n\r\n', status: [400] },
  'chunks in HTTP/1.0': { bytes: 'POST /a/x HTTP/1.0\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n', status: [400] },
  // Heads.
  'a head without its end': { bytes: 'GET /a/x HTTP/1.1\r\nhost: x\r\n', status: [408] },
  'no byte at all': { bytes: '', status: [408] },
  'two hosts': { bytes: 'GET /a/x HTTP/1.1\r\nhost: x\r\nhost: y\r\n\r\n', status: [400] },
  'no host': { bytes: 'GET /a/x HTTP/1.1\r\n\r\n', status: [400] },
  'no host in HTTP/1.0': { bytes: 'GET /a/x HTTP/1.0\r\n\r\n', status: [200], arrives: '/base/x' },
  'a host with a path': { bytes: 'GET /a/x HTTP/1.1\r\nhost: x/y\r\n\r\n', status: [400] },
  'a host with credentials': { bytes: 'GET /a/x HTTP/1.1\r\nhost: u:p@x\r\n\r\n', status: [400] },
  'HTTP/0.9': { bytes: 'GET /a/x\r\n\r\n', status: [505] },
  'HTTP/2.0 in a request line': { bytes: 'GET /a/x HTTP/2.0\r\nhost: x\r\n\r\n', status: [505] },
  'HTTP/9.9': { bytes: 'GET /a/x HTTP/9.9\r\nhost: x\r\n\r\n', status: [505] },
  'the preface of HTTP/2': { bytes: 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', status: [505] },
  'a TLS hello': { bytes: Buffer.from('16030100a5010000a10303', 'hex'), status: [400] },
  'a method that does not exist': { bytes: 'FROBNICATE /a/x HTTP/1.1\r\nhost: x\r\n\r\n', status: [501] },
  'a method in small letters': { bytes: 'get /a/x HTTP/1.1\r\nhost: x\r\n\r\n', status: [400] },
  'a header without a colon': { bytes: 'GET /a/x HTTP/1.1\r\nhost: x\r\nnonsense\r\n\r\n', status: [400] },
  'a header with a NUL': { bytes: 'GET /a/x HTTP/1.1\r\nhost: x\r\nx: a\0b\r\n\r\n', status: [400] },
  'a header of 20 KB': { bytes: get('/a/x', `x: ${'y'.repeat(20_000)}`), status: [431] },
  'a thousand headers': { bytes: get('/a/x', ...Array.from({ length: 1000 }, (_, at) => `x${at}: 1`)), status: [431] },
  'a target of 9 KB': { bytes: get(`/a/${'y'.repeat(9000)}`), status: [414] },
  'a target of 20 KB': { bytes: get(`/a/${'y'.repeat(20_000)}`), status: [414] },
  'an upgrade to a WebSocket': { bytes: get('/a/x', 'connection: upgrade', 'upgrade: websocket'), status: [501] },
  'an upgrade to h2c': { bytes: get('/a/x', 'connection: upgrade, http2-settings', 'upgrade: h2c', 'http2-settings: AA'), status: [501] },
  CONNECT: { bytes: 'CONNECT example.com:443 HTTP/1.1\r\nhost: example.com:443\r\n\r\n', status: [501] },
  gRPC: { bytes: post('x', 'content-type: application/grpc+proto'), status: [501] },
  'gRPC-Web': { bytes: post('x', 'content-type: application/grpc-web+proto'), status: [200], arrives: '/base/x' },
  'another expectation': { bytes: get('/a/x', 'expect: a miracle'), status: [417] },
  'two expectations': { bytes: get('/a/x', 'expect: 100-continue, a miracle'), status: [417] },
  'an expectation, refused before the body is sent': {
    bytes: 'POST /a/x HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-length: 99999\r\n\r\n',
    status: [413],
  },
  'an expectation on a path that leaves': {
    bytes: 'POST /a/../x HTTP/1.1\r\nhost: x\r\nexpect: 100-continue\r\ncontent-length: 3\r\n\r\n',
    status: [400],
  },
  'OPTIONS of everything': { bytes: 'OPTIONS * HTTP/1.1\r\nhost: x\r\n\r\n', status: [204] },
  'OPTIONS that goes no further': { bytes: 'OPTIONS /a/x HTTP/1.1\r\nhost: x\r\nmax-forwards: 0\r\n\r\n', status: [204] },
  'TRACE that goes no further': { bytes: 'TRACE /a/x HTTP/1.1\r\nhost: x\r\nmax-forwards: 0\r\n\r\n', status: [501] },
  'Max-Forwards that is no number': { bytes: 'TRACE /a/x HTTP/1.1\r\nhost: x\r\nmax-forwards: -1\r\n\r\n', status: [400] },
  // Paths.
  'a path that leaves': { bytes: get('/a/../secret'), status: [400] },
  'a path that leaves, encoded': { bytes: get('/a/%2e%2E/secret'), status: [400] },
  'a path that leaves, half encoded': { bytes: get('/a/.%2e/secret'), status: [400] },
  'a path that leaves by an encoded slash': { bytes: get('/a/..%2fsecret'), status: [400] },
  'a path that leaves by a backslash': { bytes: get('/a/..\\secret'), status: [400] },
  'a path that leaves by an encoded backslash': { bytes: get('/a/x%5c..%5c..%5csecret'), status: [400] },
  'a path that leaves behind a parameter': { bytes: get('/a/..;v=1/secret'), status: [400] },
  'a path that leaves over empty segments': { bytes: get('/a//../../secret'), status: [400] },
  'a path that leaves at its end': { bytes: get('/a/..'), status: [400] },
  'a path that leaves, in a whole URL': { bytes: get('http://gateway.test/a/../secret'), status: [400] },
  'a path that turns back below the base': { bytes: get('/a/x/../y'), status: [200], arrives: '/base/x/../y' },
  'dots that are no steps': { bytes: get('/a/...//.x/y..z?q=../..'), status: [200], arrives: '/base/...//.x/y..z?q=../..' },
  'Latin-1 in a path': { bytes: get('/a/caf%E9'), status: [200], arrives: '/base/caf%E9' },
  'encoded slashes, empty segments and a query': {
    bytes: get('/a//x%2Fy//?a=%zz'.replace('%zz', '%00')),
    status: [200],
    arrives: '/base//x%2Fy//?a=%00',
  },
  'marks and a parameter': { bytes: get("/a/x;v=1,2/!$&'()*+=:@~?q=a/b?c"), status: [200], arrives: "/base/x;v=1,2/!$&'()*+=:@~?q=a/b?c" },
  'no path but a query': { bytes: get('/a?x=/y'), status: [200], arrives: '/base/?x=/y' },
  'an encoded name of the upstream': { bytes: get('/%61/x'), status: [200], arrives: '/base/x' },
  'a fragment': { bytes: get('/a/x#y'), status: [400] },
  'a tab in the target': { bytes: get('/a/x\ty'), status: [400] },
  'half an escape': { bytes: get('/a/x%4'), status: [400] },
  'a name that cannot be decoded': { bytes: get('/%E9/x'), status: [400] },
  // The gateway's own addresses.
  'a double slash': { bytes: get('//a/x'), status: [404] },
  'an admin path with a member of objects': { bytes: get('/api/v1/resilience/circuit-breakers/constructor'), status: [403] },
}

it.each(Object.entries(rows))('survives %s', async (_name, { bytes, status, arrives }) => {
  const before = upstream.arrivals.length
  const { answers } = await sendBytes(gateway.gateway.port, bytes, 3000, status.length)
  expect(answers.map((each) => each.status)).toEqual(status)
  for (const { status: each, headers, body } of answers) {
    if (each < 400) continue
    expect(headers.get('x-gateway-error')).toMatch(/^[a-z_]+$/)
    expect(JSON.parse(body)).toMatchObject({ error: { code: expect.any(String), technical_message: expect.any(String) } })
  }
  expect(upstream.arrivals.slice(before).map(({ url }) => url)).toEqual(arrives === undefined ? [] : [arrives])
  await isUnharmed()
})

it('has rows of every kind', () => expect(Object.keys(rows).length).toBeGreaterThan(60))

/** Alive, nothing in flight, nothing kept of bodies, every breaker closed. */
async function isUnharmed(): Promise<void> {
  await eventually('nothing is in flight', () => gateway.gateway.inFlight === 0)
  expect(gateway.gateway.bodyBytes).toBe(0)
  expect((await gateway.ask('/healthz')).status).toBe(200)
  const { text } = await gateway.ask('/api/v1/resilience/circuit-breakers')
  expect(JSON.parse(text)).toMatchObject({ a: { state: 'closed', failure_count: 0 } })
}

it('gives back no request id that is endless or not printable', async () => {
  for (const id of ['x'.repeat(5000), 'a\tb', 'caf\u00e9', ' ', 'a b']) {
    for (const path of ['/a/x', '/nowhere', '/healthz']) {
      const { answers } = await sendBytes(gateway.gateway.port, get(path, `x-request-id: ${id}`))
      expect(answers[0]!.headers.get('x-request-id') ?? 'made').toMatch(/^[\w-]{1,40}$/)
    }
  }
})

it('answers HEAD wherever it answers GET', async () => {
  for (const path of ['/healthz', '/readyz', '/metrics', '/api/v1/resilience/health', '/api/v1/resilience/events', '/nowhere', '/a/../x']) {
    const { answers } = await sendBytes(gateway.gateway.port, `HEAD ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\n\r\n`)
    expect(answers).toMatchObject([{ status: path === '/nowhere' ? 404 : path === '/a/../x' ? 400 : 200, body: '' }])
  }
})

it('answers thousands of requests that come at once on one connection, in order, a few at a time', async () => {
  const count = 3000
  const before = upstream.connections
  const bytes = Array.from({ length: count }, (_, at) => get(`/a/${at}`)).join('')
  const { answers } = await sendBytes(gateway.gateway.port, bytes, 2000)
  expect(answers.map(({ body }) => body)).toEqual(Array.from({ length: count }, (_, at) => `{"url":"/base/${at}"}`))
  expect(upstream.connections - before).toBeLessThan(20)
  await isUnharmed()
}, 30_000)

it('forgets what a client sent ahead when the client goes', async () => {
  const socket = await open(gateway.gateway.port)
  socket.write(Array.from({ length: 1000 }, (_, at) => get(`/a/${at}`)).join(''))
  await eventually('some are in flight', () => gateway.gateway.inFlight > 8)
  expect(gateway.gateway.inFlight).toBeLessThan(2000)
  socket.destroy()
  await isUnharmed()
})

it('forgets what it has refused behind an answer that ends the connection', async () => {
  await sendBytes(gateway.gateway.port, `${get('/a/x', 'content-type: application/grpc')}${get('/a/../x')}${get('/a/../y')}`)
  await isUnharmed()
  expect(gateway.gateway.inFlight).toBe(0)
})

it('answers what came before bytes that are no request, then refuses those', async () => {
  const { answers, closed } = await sendBytes(gateway.gateway.port, `${get('/a/1')}${get('/a/2')}nonsense\r\n\r\n`)
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 400])
  expect(closed).toBe(true)
  await isUnharmed()
})

it.each([
  ['bytes that are no request', 'nonsense\r\n\r\n', 400],
  ['a CONNECT', 'CONNECT x:443 HTTP/1.1\r\nhost: x:443\r\n\r\n', 501],
  ['an upgrade', get('/a/3', 'connection: upgrade', 'upgrade: websocket'), 501],
])('answers a request with a body that came before %s', async (_, bytes, refused) => {
  const before = upstream.arrivals.length
  const { answers, closed } = await sendBytes(gateway.gateway.port, `${get('/a/1')}${post('abc').toString()}${bytes}`)
  expect(answers.map(({ status, body }) => [status, status < 400 ? body : ''])).toEqual([
    [200, '{"url":"/base/1"}'],
    [200, '{"url":"/base/x"}'],
    [refused, ''],
  ])
  expect(upstream.arrivals.length - before).toBe(2)
  expect(closed).toBe(true)
  await isUnharmed()
})

it('asks for a body only when nothing speaks against the request', async () => {
  const head = 'POST /a/x HTTP/1.1\r\nhost: x\r\ncontent-length: 2\r\nexpect: 100-continue\r\n\r\n'
  const socket = await open(gateway.gateway.port)
  let text = ''
  socket.on('data', (chunk) => (text += String(chunk)))
  socket.write(head)
  await eventually('the client may go on', () => text.includes('100 Continue'))
  socket.write('ok')
  await eventually('the answer is there', () => text.includes('200 OK'))
  expect(text.indexOf('100 Continue')).toBeLessThan(text.indexOf('200 OK'))
  socket.destroy()
  await isUnharmed()
})

it.each([
  ['a service', 'POST /operations', 413],
  ['an address of operators', 'POST /api/v1/resilience/circuit-breakers/a/reset', 200],
  ['an address that is not there', 'POST /nowhere', 404],
  ['an address that takes no such method', 'PUT /health/', 405],
])('lets who still sends to %s read the answer', async (_what, line, status) => {
  for (const framing of [`content-length: ${1024 * 1024}`, 'transfer-encoding: chunked']) {
    const socket = await open(gateway.gateway.port)
    let text = ''
    let isReset = false
    socket.on('data', (chunk) => (text += String(chunk))).on('error', () => (isReset = true))
    socket.write(`${line} HTTP/1.1\r\nhost: 127.0.0.1\r\n${framing}\r\n\r\n`)
    const piece = Buffer.alloc(16_000, 'a')
    // For a moment, as over a slow line.
    for (let sent = 0; sent < 20; sent++) {
      if (framing.startsWith('transfer')) socket.write(`${piece.length.toString(16)}\r\n${piece.toString()}\r\n`)
      else socket.write(piece)
      await realClock.sleep(10)
    }
    await eventually('the answer is there', () => text.includes('}'))
    expect(text).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
    expect(text.toLowerCase()).toContain('connection: close')
    expect(isReset).toBe(false)
    socket.destroy()
  }
  await isUnharmed()
})

it('asks who waits for it for the body of a service', async () => {
  const socket = await open(gateway.gateway.port)
  let text = ''
  socket.on('data', (chunk) => (text += String(chunk)))
  socket.write('POST /operations HTTP/1.1\r\nhost: x\r\ncontent-length: 12\r\nexpect: 100-continue\r\n\r\n')
  await eventually('the client may go on', () => text.includes('100 Continue'))
  socket.write('{"kind":"x"}')
  await eventually('the answer is there', () => text.includes('201 Created'))
  expect(text.indexOf('100 Continue')).toBeLessThan(text.indexOf('201 Created'))
  socket.destroy()
  await isUnharmed()
})
