// Upstreams that answer anything. Whatever they answer: the client gets it, or a 502 or 504 in the envelope, or is cut off; nothing stays in
// flight, no place is lost, and no timeout waits.
import { createServer, type Socket } from 'node:net'
import { expect, it } from 'vitest'
import { realClock } from '../../../src/kernel/clock.ts'
import { listen } from '../../../src/kernel/server.ts'
import { answer, eventually, type Rig, rig, scriptedUpstream } from '../gateway/rig.ts'
import { open, sendBytes } from './raw.ts'

interface Row {
  /** What comes for each request, piece by piece; `end`: the connection is closed then. */
  bytes: string[]
  end?: true
  /** The statuses that the client sees, interim ones included; none: cut off before any. */
  status: number[]
  body?: string
  error?: string
  headers?: Record<string, string | undefined>
  method?: string
}

const ok = (headers: string, body = 'ok'): string => `HTTP/1.1 200 OK\r\n${headers}content-length: ${body.length}\r\n\r\n${body}`

const rows: Record<string, Row> = {
  'two Connection lines': {
    bytes: [ok('connection: x-hop\r\nconnection: keep-alive\r\nx-hop: 1\r\nx-end: 2\r\n')],
    status: [200],
    body: 'ok',
    headers: { 'x-hop': undefined, 'x-end': '2' },
  },
  'lines of one name twice': {
    bytes: [ok('etag: a\r\netag: b\r\ncontent-type: text/plain\r\ncontent-type: text/html\r\n')],
    status: [200],
    body: 'ok',
  },
  'two Retry-After lines': { bytes: ['HTTP/1.1 503 No\r\nretry-after: 1\r\nretry-after: 2\r\ncontent-length: 0\r\n\r\n'], status: [503] },
  'headers named as members of objects': {
    bytes: [ok('__proto__: 1\r\nconstructor: 2\r\ntoString: 3\r\nhasOwnProperty: 4\r\n__proto__: 5\r\n')],
    status: [200],
    body: 'ok',
  },
  'a Connection line that names constructor': {
    bytes: [ok('connection: constructor, __proto__\r\nconstructor: 1\r\n')],
    status: [200],
    headers: { constructor: undefined },
  },
  'marks of the gateway': {
    bytes: [ok('x-gateway-error: forged\r\nx-gateway-fallback-reason: forged\r\nX-Gateway-Outcome: forged\r\n')],
    status: [200],
    headers: { 'x-gateway-error': undefined, 'x-gateway-fallback-reason': undefined, 'x-gateway-outcome': 'ok' },
  },
  'a 204 with a length': {
    bytes: ['HTTP/1.1 204 No Content\r\ncontent-length: 5\r\n\r\n'],
    status: [204],
    headers: { 'content-length': undefined },
  },
  'a 205 with a body': {
    bytes: ['HTTP/1.1 205 Reset Content\r\ncontent-length: 5\r\n\r\nhello'],
    status: [205],
    body: '',
    headers: { 'content-length': '0' },
  },
  'a 304 with a length': {
    bytes: ['HTTP/1.1 304 Not Modified\r\ncontent-length: 5\r\netag: "e"\r\n\r\n'],
    status: [304],
    headers: { etag: '"e"' },
  },
  '103 before the answer': {
    bytes: ['HTTP/1.1 103 Early Hints\r\nlink: </a.css>; rel=preload\r\n\r\n', ok('')],
    status: [103, 200],
    body: 'ok',
  },
  '102 and 103': {
    bytes: ['HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: <a>\r\nlink: <b>\r\n\r\n', ok('')],
    status: [102, 103, 200],
    body: 'ok',
  },
  'a 100 that nobody asked for': { bytes: ['HTTP/1.1 100 Continue\r\n\r\n', ok('')], status: [200], body: 'ok' },
  'a 100 in one piece with the answer': { bytes: [`HTTP/1.1 100 Continue\r\nx: y\r\n\r\n${ok('')}`], status: [200], body: 'ok' },
  'a 100 in small pieces': { bytes: ['HTTP/1', '.1 100 Conti', 'nue\r\n', '\r', '\nHTTP', ok('').slice(4)], status: [200], body: 'ok' },
  'an answer in single bytes': { bytes: ok('').split(''), status: [200], body: 'ok' },
  'a 101 that nobody asked for': {
    bytes: ['HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n'],
    status: [502],
    error: 'connection_error',
  },
  'no HTTP at all': { bytes: ['hello\r\n\r\n'], end: true, status: [502], error: 'connection_error' },
  nothing: { bytes: [], end: true, status: [502], error: 'connection_error' },
  'half a head': { bytes: ['HTTP/1.1 200 OK\r\ncontent-le'], end: true, status: [502], error: 'connection_error' },
  'half a body': { bytes: ['HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf'], end: true, status: [502], error: 'body_broken' },
  silence: { bytes: [], status: [504], error: 'timeout' },
  'silence after the head': { bytes: ['HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n'], status: [504], error: 'timeout' },
  'a broken chunk': { bytes: ['HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n'], status: [502], error: 'body_broken' },
  'gzip, chunked': {
    bytes: ['HTTP/1.1 200 OK\r\ntransfer-encoding: gzip, chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n'],
    status: [502],
    error: 'body_broken',
  },
  'two lengths': {
    bytes: ['HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\nok'],
    status: [502],
    error: 'connection_error',
  },
  'a length and chunks': {
    bytes: ['HTTP/1.1 200 OK\r\ncontent-length: 9\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n'],
    status: [502],
    error: 'connection_error',
  },
  'a status of 999': { bytes: ['HTTP/1.1 999 Odd\r\ncontent-length: 2\r\n\r\nok'], status: [999], body: 'ok' },
  'a status of 099': { bytes: ['HTTP/1.1 099 Odd\r\ncontent-length: 2\r\n\r\nok'], status: [502], error: 'connection_error' },
  'a head of 100 KB': { bytes: [ok(`x: ${'y'.repeat(100_000)}\r\n`)], status: [502], error: 'connection_error' },
  'ten thousand headers': {
    bytes: [ok(Array.from({ length: 10_000 }, (_, at) => `x${at}: 1\r\n`).join(''))],
    status: [502],
    error: 'connection_error',
  },
  'interim answers without an end': {
    bytes: Array.from({ length: 50 }, () => 'HTTP/1.1 103 Early Hints\r\n\r\n'),
    status: [...Array<number>(8).fill(103), 504],
    error: 'timeout',
  },
  'a body until the end of the connection': { bytes: ['HTTP/1.1 200 OK\r\n\r\nok'], end: true, status: [200], body: 'ok' },
  'a body for HEAD': { bytes: [ok('')], method: 'HEAD', status: [200], body: '' },
  'control characters in a header': { bytes: [ok('x: a\x01b\r\n')], status: [502], error: 'connection_error' },
  'Latin-1 in a header': { bytes: [ok('x: caf\xe9\r\n')], status: [200], body: 'ok', headers: { x: 'caf\xe9' } },
  trailers: {
    bytes: [
      'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\ntrailer: x-sum\r\n\r\n2\r\nok\r\n0\r\nx-sum: 7\r\nx-gateway-error: forged\r\n\r\n',
    ],
    status: [200],
    body: '2\r\nok\r\n0\r\nx-sum: 7\r\n\r\n',
    headers: { trailer: 'x-sum', 'content-length': undefined },
  },
  'an answer and more than was asked for': { bytes: [`${ok('')}${ok('', 'smuggled')}`], status: [200], body: 'ok' },
}

it.each(Object.entries(rows))('survives %s', async (_name, row) => {
  await using upstream = await speaking(row)
  await using gateway = await rig(
    { a: upstream.url },
    { config: { upstreams: { a: { timeout: { attempt: '300ms', total: '1s' }, bulkhead: { concurrent: 1 } } } } },
  )
  // Twice: what the first answer leaves behind must not reach the second client.
  for (let time = 0; time < 2; time++) {
    const request = `${row.method ?? 'GET'} /a/x HTTP/1.1\r\nhost: x\r\n\r\n`
    const { answers } = await sendBytes(gateway.gateway.port, request, 3000, row.status.length)
    expect(answers.map(({ status }) => status)).toEqual(row.status)
    const last = answers.at(-1)!
    expect(last.body).toBe(row.body ?? last.body)
    expect(last.headers.get('x-gateway-error')).toBe(row.error)
    for (const [name, value] of Object.entries(row.headers ?? {})) expect(last.headers.get(name)).toBe(value)
    await isIdle(gateway)
  }
})

it('has rows of every kind', () => expect(Object.keys(rows).length).toBeGreaterThan(30))

/** A server that answers each request with the row's bytes. */
async function speaking({ bytes, end }: Row) {
  const speak = async (socket: Socket): Promise<void> => {
    for (const piece of bytes) {
      if (socket.destroyed) return
      socket.write(piece, 'latin1')
      if (bytes.length > 1) await realClock.sleep(2)
    }
    if (end) socket.end()
  }
  return listen(
    createServer((socket) => {
      socket.setNoDelay(true)
      socket.on('data', () => void speak(socket)).on('error', () => {})
    }),
  )
}

async function isIdle(rigged: Rig): Promise<void> {
  const { gateway } = rigged
  await eventually('nothing is in flight, and no timeout waits', () => gateway.inFlight === 0 && gateway.timeoutsWaiting === 0)
  const { text } = await rigged.ask('/metrics')
  expect(text).toContain('gateway_bulkhead_in_use{upstream="a"} 0')
}

it('answers when the policies themselves throw, and lets nothing stay', async () => {
  await using upstream = await scriptedUpstream((response) => answer(response))
  const { createStack } = await import('../../../src/policies/stack.ts')
  await using gateway = await rig(
    { a: upstream.url },
    {
      createStack: (name, policies, options) => ({
        ...createStack(name, policies, options),
        // eslint-disable-next-line require-yield -- it fails before it asks for anything
        *call() {
          throw new Error('planted')
        },
      }),
    },
  )
  for (let time = 0; time < 3; time++)
    expect(await gateway.ask('/a/x')).toMatchObject({ status: 500, headers: { 'x-gateway-error': 'internal' } })
  await eventually('nothing is in flight', () => gateway.gateway.inFlight === 0)
})

it('blames no upstream for clients that stop reading, and cuts them off', async () => {
  const size = 32 * 1024 * 1024
  await using upstream = await scriptedUpstream((response, { url }) => {
    if (url !== '/large') return answer(response)
    response.writeHead(200, { 'content-length': String(size) }).end(Buffer.alloc(size))
  })
  const policies = { timeout: { attempt: '300ms', total: '700ms' }, breaker: { failures: 1 }, bulkhead: { concurrent: 4 } }
  await using gateway = await rig({ a: upstream.url }, { config: { upstreams: { a: policies }, server: { streamIdle: '400ms' } } })
  const stalled = await Promise.all(
    [1, 2, 3].map(async () => {
      const socket = await open(gateway.gateway.port)
      socket.pause()
      socket.on('error', () => {})
      socket.write('GET /a/large HTTP/1.1\r\nhost: x\r\n\r\n')
      return socket
    }),
  )
  await eventually('all are at the upstream', () => upstream.arrivals.length === 3)
  await eventually('all are cut off', () => gateway.gateway.inFlight === 0)
  expect((await gateway.ask('/a/small')).status).toBe(200)
  expect((await gateway.ask('/api/v1/resilience/circuit-breakers')).text).toContain('"state":"closed"')
  for (const socket of stalled) socket.destroy()
})

it('cuts off a reader of an event stream that has stopped reading', async () => {
  const event = `data: ${'x'.repeat(100_000)}\n\n`
  await using upstream = await scriptedUpstream((response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    const write = (): void => {
      while (!response.destroyed && response.write(event));
    }
    response.on('drain', write)
    write()
  })
  await using gateway = await rig(
    { a: upstream.url },
    { config: { upstreams: { a: { breaker: { failures: 1 } } }, server: { streamIdle: '300ms' } } },
  )
  const socket = await open(gateway.gateway.port)
  socket.pause()
  socket.on('error', () => {})
  socket.write('GET /a/events HTTP/1.1\r\nhost: x\r\n\r\n')
  await eventually('the stream has begun', () => upstream.arrivals.length === 1)
  await eventually('the reader is cut off', () => gateway.gateway.inFlight === 0)
  await upstream.arrivals[0]!.gone
  expect((await gateway.ask('/api/v1/resilience/circuit-breakers')).text).toContain('"state":"closed"')
  socket.destroy()
})
