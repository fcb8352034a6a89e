// What clients can send to a fake upstream and to its control API: each row is answered, and both are alive after it.
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { gemini } from '../../../fake-upstreams/gemini.ts'
import { type ControlledUpstream, serveControlled } from '../../../src/upstreams/serve-controlled.ts'
import type { Upstream } from '../../../src/upstreams/define.ts'

let served: ControlledUpstream
const thrown: string[] = []

beforeAll(async () => {
  // One more route, which throws: it stands for any mistake in a user's own fake.
  const broken: Upstream = {
    ...gemini,
    open() {
      const reply = gemini.open()
      return (route, request) => {
        if (route === 'getModel' && request.params['model'] === 'broken') throw new Error('a mistake')
        return reply(route, request)
      }
    },
  }
  served = await serveControlled(broken, { seed: 1, onThrow: (route) => thrown.push(route) })
})
afterAll(() => served.close())

/** Sends `bytes`, and reads until the other side has ended or `lines` status lines have come. */
function send(port: number, bytes: string, count = 1): Promise<string> {
  return new Promise((resolve, reject) => {
    let seen = ''
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes, 'latin1'))
    socket.setTimeout(3000, () => {
      reject(new Error(`no answer; so far: ${JSON.stringify(seen)}`))
      socket.destroy()
    })
    socket.on('data', (chunk) => {
      seen += chunk.toString('latin1')
      if (seen.split('HTTP/1.1 ').length > count) socket.end()
    })
    socket.once('close', () => resolve(seen))
    socket.once('error', (error: NodeJS.ErrnoException) => (error.code === 'ECONNRESET' ? resolve(seen) : reject(error)))
  })
}

const statusOf = (answer: string): number => Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1] ?? 0)
const get = (target: string, ...headers: string[]): string =>
  `GET ${target} HTTP/1.1\r\n${['host: 127.0.0.1', 'connection: close', ...headers].join('\r\n')}\r\n\r\n`
const post = (target: string, body: string): string =>
  `POST ${target} HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: close\r\ncontent-length: ${Buffer.byteLength(body, 'latin1')}\r\n\r\n${body}`
const generate = '/v1beta/models/gemini-2.5-flash:generateContent'
const put = (path: string, body: string): string => post(path, body).replace('POST', 'PUT')

const deep = '['.repeat(30_000)

describe('a fake', () => {
  it.each<[name: string, bytes: string, status: number]>([
    ['contents that hold null', post(generate, '{"contents":[null]}'), 400],
    ['contents that are a number', post(generate, '{"contents":5}'), 400],
    ['contents that are a text', post(generate, '{"contents":"hello"}'), 400],
    ['parts that are null', post(generate, '{"contents":[{"parts":null}]}'), 400],
    ['parts that hold null', post(generate, '{"contents":[{"parts":[null]}]}'), 400],
    ['a text that is a number', post(generate, '{"contents":[{"parts":[{"text":5}]}]}'), 400],
    ['content that is a text', post(generate, '{"content":"x"}'), 400],
    ['a body that is null', post(generate, 'null'), 400],
    ['a body that is no JSON', post(generate, '{'), 400],
    ['a body as deep as it is long', post(generate, deep), 400],
    ['requests that are a number', post('/v1beta/models/gemini-embedding-001:batchEmbedContents', '{"requests":5}'), 200],
    ['requests that hold null', post('/v1beta/models/gemini-embedding-001:batchEmbedContents', '{"requests":[null]}'), 200],
    ['a route that throws', get('/v1beta/models/broken'), 500],
    ['a model named like what objects inherit', get('/v1beta/models/__proto__'), 404],
    ['two slashes', get('//'), 404],
    ['a broken escape', get('/v1beta/models/%zz'), 404],
    ['a broken escape of UTF-8', get('/v1beta/models/%c3%28'), 404],
    ['a target in absolute form', get('http://gemini.test/v1beta/models'), 200],
    ['a target in absolute form without a path', get('http://gemini.test'), 404],
    ['OPTIONS *', get('*').replace('GET', 'OPTIONS'), 404],
    ['a target of 10,000 characters', get(`/${'a'.repeat(10_000)}`), 404],
    ['headers beyond what a server reads', get('/v1beta/models', `x-big: ${'a'.repeat(100_000)}`), 431],
    ['1,000 headers', get('/v1beta/models', ...Array.from({ length: 1000 }, (_, at) => `x-${at}: 1`)), 431],
    ['a request id of 10,000 characters', get('/v1beta/models', `x-request-id: ${'a'.repeat(10_000)}`), 200],
    ['two request ids', get('/v1beta/models', 'x-request-id: a', 'x-request-id: b'), 200],
    ['an upgrade', get('/v1beta/models', 'upgrade: websocket').replace('connection: close', 'connection: upgrade'), 200],
    ['a method that nobody knows', get('/v1beta/models').replace('GET', 'FETCH'), 400],
    ['what is no HTTP', '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', 400],
    ['two lengths', get('/v1beta/models', 'content-length: 1', 'content-length: 2'), 400],
    ['no Host', 'GET / HTTP/1.1\r\n\r\n', 400],
    ['an expectation that it cannot meet', get('/v1beta/models', 'expect: the-unexpected'), 417],
  ])('answers %s', async (_, bytes, status) => {
    expect(statusOf(await send(served.traffic.port, bytes))).toBe(status)
    expect(statusOf(await send(served.traffic.port, get('/v1beta/models')))).toBe(200)
  })

  it('ends a tunnel that it is asked for, and lives on', async () => {
    expect(await send(served.traffic.port, 'CONNECT a:1 HTTP/1.1\r\nhost: a\r\n\r\n')).toBe('')
    expect(statusOf(await send(served.traffic.port, get('/v1beta/models')))).toBe(200)
  })

  it('refuses a body that no load would send', async () => {
    const response = await fetch(`${served.traffic.url}${generate}`, { method: 'POST', body: new Uint8Array(65 * 1024 * 1024) }).catch(
      () => undefined,
    )
    expect(response?.status ?? 413).toBe(413)
    expect(statusOf(await send(served.traffic.port, get('/v1beta/models')))).toBe(200)
  })

  it('answers a route that throws in the shape of its service, and tells where', async () => {
    thrown.length = 0
    const answer = await send(served.traffic.port, get('/v1beta/models/broken'))
    expect(answer).toContain('"status":"INTERNAL"')
    expect(thrown).toEqual(['getModel'])
  })

  it('answers HEAD with the length of GET and no body', async () => {
    const [asked, head] = [
      await send(served.traffic.port, get('/v1beta/models')),
      await send(served.traffic.port, get('/v1beta/models').replace('GET', 'HEAD')),
    ]
    const length = /content-length: (\d+)/i
    expect(head).toMatch(length)
    expect(length.exec(head)?.[1]).toBe(length.exec(asked)?.[1])
    expect(head.endsWith('\r\n\r\n')).toBe(true)
  })
})

describe('its control API', () => {
  it.each<[name: string, bytes: string, status: number]>([
    ['two slashes', get('//'), 404],
    ['only slashes', get('///////'), 404],
    ['two slashes and a port', get('//a:99999/'), 404],
    ['a target in absolute form', get('http://127.0.0.1/health'), 200],
    ['a target that is no URL', get('http://[/'), 400],
    ['OPTIONS *', get('*').replace('GET', 'OPTIONS'), 400],
    ['a broken escape', put('/faults/%zz', '{}'), 400],
    ['a body that is no JSON', put('/faults/F1', '{'), 400],
    ['a body as deep as it is long', put('/faults/F1', deep), 400],
    ['a body that is null', put('/faults/F1', 'null'), 400],
    ['a body of a million bytes', put('/faults/F1', 'a'.repeat(1_000_000)), 413],
    ['a fault named like what objects inherit', put('/faults/__proto__', '{"fault":{"is":"constructor"}}'), 400],
    ['a log from nowhere', get('/log?since=-1'), 400],
    ['a method that a path does not take', post('/health', ''), 405],
    ['no such path', get('/constructor'), 404],
    ['headers beyond what a server reads', get('/health', `x-big: ${'a'.repeat(100_000)}`), 431],
    ['a browser', get('/health', 'user-agent: Mozilla/5.0 (X11; Linux)'), 403],
    ['a browser, in small letters', get('/health', 'user-agent: mozilla/5.0'), 403],
    ['a name that somebody made point here', get('/health').replace('127.0.0.1', 'evil.example'), 403],
    ['such a name with a port', get('/health').replace('127.0.0.1', 'evil.example:80'), 403],
    ['a name that ends like ours', get('/health').replace('127.0.0.1', '127.0.0.1.evil.example'), 403],
    ['another address', get('/health').replace('127.0.0.1', '192.0.2.1'), 403],
    ['an empty Host', get('/health').replace('127.0.0.1', ''), 403],
    ['localhost with a port', get('/health').replace('127.0.0.1', 'localhost:9201'), 200],
    ['the loopback of IPv6', get('/health').replace('127.0.0.1', '[::1]:9201'), 200],
  ])('answers %s', async (_, bytes, status) => {
    expect(statusOf(await send(served.control.port, bytes))).toBe(status)
    expect(statusOf(await send(served.control.port, get('/health')))).toBe(200)
  })

  it('lets a client that leaves in the middle of a body go', async () => {
    const socket = connect(served.control.port, '127.0.0.1', () =>
      socket.write('PUT /faults/F1 HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 100\r\n\r\n{', () => socket.resetAndDestroy()),
    )
    await new Promise((resolve) => socket.once('close', resolve))
    expect(statusOf(await send(served.control.port, get('/health')))).toBe(200)
  })
})
