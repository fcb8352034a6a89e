// What clients can send to the Toxiproxy API: bodies at the edges of JSON, requests that arrive together, and what is no HTTP. Our
// server is asked the same as the original, where one is installed, and must answer the same; both are alive after each row.
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { serveToxiproxy } from '../../../src/toxiproxy/serve.ts'
import { component } from '../../components.ts'
import { startReal } from '../toxiproxy/real-server.ts'

const program = component('toxiproxy-server')

type Server = { url: string } & AsyncDisposable
const servers: [name: string, start: () => Promise<Server>][] = [
  ['embedded', () => serveToxiproxy({ port: 0 })],
  ...(program.available ? [['real', () => startReal(program.path)] as [string, () => Promise<Server>]] : []),
]

/** Sends `bytes` on one connection and reads until `count` answers have come, or the connection has ended. */
function send({ url }: Server, bytes: string | Buffer, count = 1): Promise<{ status: number; body: string }[]> {
  return new Promise((resolve, reject) => {
    let seen = ''
    const socket = connect(Number(new URL(url).port), '127.0.0.1', () => socket.write(bytes))
    socket.setTimeout(5000, () => {
      reject(new Error(`no answer; so far: ${JSON.stringify(seen)}`))
      socket.destroy()
    })
    const parts = (): { status: number; body: string }[] =>
      seen
        .split('HTTP/1.1 ')
        .slice(1)
        .map((text) => ({ status: Number(text.slice(0, 3)), body: text.slice(text.indexOf('\r\n\r\n') + 4) }))
    socket.on('data', (chunk) => {
      seen += chunk.toString('utf8')
      const answers = parts()
      if (answers.length >= count && seen.includes('\r\n\r\n', seen.lastIndexOf('HTTP/1.1 '))) socket.end()
    })
    socket.once('close', () => resolve(parts()))
    socket.once('error', (error: NodeJS.ErrnoException) => (error.code === 'ECONNRESET' ? resolve(parts()) : reject(error)))
  })
}

function request(method: string, path: string, body: string | Buffer = ''): Buffer {
  const bytes = Buffer.from(body)
  return Buffer.concat([Buffer.from(`${method} ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: ${bytes.length}\r\n\r\n`), bytes])
}

// Bodies of a new toxic, and what is shown of it; a number is the status of a refusal.
const toxic = (rest: string): string => `{"type":"latency",${rest}}`
const bodies: [name: string, body: string | Buffer, expected: number | Record<string, unknown>][] = [
  ['nothing', '', 400],
  ['blanks', ' \n\t\r', 400],
  ['null', 'null', 400],
  ['a list', '[]', 400],
  ['a text', '"latency"', 400],
  ['a number', '5', 400],
  ['a truncated object', '{"type":"latency"', 400],
  ['a missing value', '{"type":}', 400],
  ['a trailing comma', '{"type":"latency",}', 400],
  ['a trailing comma in a list', '{"type":"latency","x":[1,]}', 400],
  ['single quotes', "{'type':'latency'}", 400],
  ['a key without quotes', '{type:"latency"}', 400],
  ['a comment', '{/**/"type":"latency"}', 400],
  ['a byte order mark', '\uFEFF{"type":"latency"}', 400],
  ['a blank of Unicode before it', '\u00A0{"type":"latency"}', 400],
  ['a vertical tab before it', '\u000B{"type":"latency"}', 400],
  ['a control character in a text', '{"type":"latency","name":"a\u0001"}', 400],
  ['an unknown escape', '{"type":"latency","name":"\\x"}', 400],
  ['half an escape', '{"type":"latency","name":"\\u00"}', 400],
  ['NaN', toxic('"toxicity":NaN'), 400],
  ['Infinity', toxic('"toxicity":Infinity'), 400],
  ['a plus sign', toxic('"toxicity":+1'), 400],
  ['a leading zero', toxic('"attributes":{"latency":01}'), 400],
  ['a leading point', toxic('"toxicity":.5'), 400],
  ['a trailing point', toxic('"toxicity":1.'), 400],
  ['an integer with a fraction', toxic('"attributes":{"latency":1.0}'), 400],
  ['an integer with an exponent', toxic('"attributes":{"latency":1e3}'), 400],
  ['an integer in quotes', toxic('"attributes":{"latency":"5"}'), 400],
  ['an integer that is true', toxic('"attributes":{"latency":true}'), 400],
  ['an integer that is a list', toxic('"attributes":{"latency":[5]}'), 400],
  ['an integer above int64', toxic('"attributes":{"latency":9223372036854775808}'), 400],
  ['an integer below int64', toxic('"attributes":{"latency":-9223372036854775809}'), 400],
  ['a toxicity beyond float32', toxic('"toxicity":1e39'), 400],
  ['a toxicity beyond all floats', toxic('"toxicity":1e999'), 400],
  ['a toxicity in quotes', toxic('"toxicity":"1"'), 400],
  ['attributes that are a list', toxic('"attributes":[]'), 400],
  ['attributes that are a text', toxic('"attributes":"x"'), 400],
  ['a name that is a number', toxic('"name":5'), 400],
  ['a stream that is empty', toxic('"stream":""'), 400],
  ['a depth that nobody needs', toxic(`"x":${'['.repeat(20_000)}${']'.repeat(20_000)}`), 400],
  ['a type named like what objects inherit', '{"type":"constructor"}', 400],
  ['keys in capitals', '{"TYPE":"latency","Attributes":{"LATENCY":5}}', { attributes: { latency: 5, jitter: 0 } }],
  ['a long s in a key', '{"type":"latency","\u017Ftream":"upstream"}', { stream: 'upstream' }],
  ['two types', '{"type":"timeout","type":"latency"}', { type: 'latency' }],
  ['two names in two cases', toxic('"name":"a","NAME":"b"'), { name: 'b' }],
  ['attributes twice', toxic('"attributes":{"latency":5},"attributes":{"jitter":3}'), { attributes: { latency: 5, jitter: 3 } }],
  ['an attribute twice', toxic('"attributes":{"latency":5,"latency":7}'), { attributes: { latency: 7, jitter: 0 } }],
  ['an attribute that is null', toxic('"attributes":{"latency":null}'), { attributes: { latency: 0, jitter: 0 } }],
  ['attributes that are null', toxic('"attributes":null'), { attributes: { latency: 0, jitter: 0 } }],
  ['a name that is null', toxic('"name":null'), { name: 'latency_downstream' }],
  ['an unknown attribute', toxic('"attributes":{"colour":"red"}'), { attributes: { latency: 0, jitter: 0 } }],
  ['__proto__', toxic('"__proto__":{"stream":"upstream"}'), { stream: 'downstream' }],
  ['an integer below zero', toxic('"attributes":{"latency":-5}'), { attributes: { latency: -5, jitter: 0 } }],
  ['a zero below zero', toxic('"attributes":{"latency":-0}'), { attributes: { latency: 0, jitter: 0 } }],
  ['a toxicity with an exponent', toxic('"toxicity":5e-1'), { toxicity: 0.5 }],
  ['a toxicity with nine digits', toxic('"toxicity":0.123456789'), { toxicity: 0.12345679 }],
  ['a toxicity too small for float32', toxic('"toxicity":1e-50'), { toxicity: 0 }],
  ['a toxicity above 1', toxic('"toxicity":7'), { toxicity: 7 }],
  ['what follows the value', `${toxic('"name":"a"')} garbage`, { name: 'a' }],
  ['a second value', `${toxic('"name":"a"')}{"type":"timeout"}`, { name: 'a' }],
  ['half a character', toxic(String.raw`"name":"\ud800x"`), { name: '\uFFFDx' }],
  ['a character in two halves', toxic(String.raw`"name":"\ud83d\ude42"`), { name: '🙂' }],
  [
    'bytes that are no UTF-8',
    Buffer.concat([Buffer.from('{"type":"latency","name":"'), Buffer.from([0xe2, 0x82]), Buffer.from('"}')]),
    { name: '\uFFFD\uFFFD' },
  ],
  ['a depth of 5,000', toxic(`"x":${'['.repeat(5000)}${']'.repeat(5000)}`), { type: 'latency' }],
]

const refusal = { error: expect.stringMatching(/bad request body: |invalid toxic type|stream was invalid/) as string }

describe.each(servers)('the Toxiproxy API, %s', (_, start) => {
  let server: Server
  let serial = 0
  beforeAll(async () => (server = await start()))
  afterAll(() => server[Symbol.asyncDispose]())

  const make = async (): Promise<string> => {
    const name = `p${serial++}`
    const made = await send(server, request('POST', '/proxies', JSON.stringify({ name, listen: '127.0.0.1:0', upstream: '127.0.0.1:1' })))
    expect(made[0]?.status).toBe(201)
    return name
  }

  it.each(bodies)('reads a toxic of %s', async (_name, body, expected) => {
    const proxy = await make()
    const [answer] = await send(server, request('POST', `/proxies/${proxy}/toxics`, body))
    const status = typeof expected === 'number' ? expected : 200
    expect(answer?.status, answer?.body).toBe(status)
    const shown = typeof expected === 'number' ? refusal : expected
    expect(JSON.parse(answer!.body)).toMatchObject(shown)
    expect((await send(server, request('GET', '/version')))[0]?.status).toBe(200)
  })

  it('shows all digits of an integer of 64 bits, until it is changed', async () => {
    const proxy = await make()
    const path = `/proxies/${proxy}/toxics`
    const most = '{"latency":9223372036854775807,"jitter":-9007199254740993}'
    const [made] = await send(server, request('POST', path, `{"type":"latency","attributes":${most}}`))
    expect(made?.body).toContain(`"latency":9223372036854775807`)
    expect(made?.body).toContain(`"jitter":-9007199254740993`)
    const [changed] = await send(server, request('POST', `${path}/latency_downstream`, '{"attributes":{"LATENCY":5}}'))
    expect(changed?.body).toMatch(/"latency":5\b/)
    expect(changed?.body).toContain(`"jitter":-9007199254740993`)
  })

  it('answers what arrives together in order, each after the effects of those before', async () => {
    const name = `p${serial++}`
    const answers = await send(
      server,
      Buffer.concat([
        request('GET', `/proxies/${name}`),
        request('POST', '/proxies', JSON.stringify({ name, listen: '127.0.0.1:0', upstream: '127.0.0.1:1' })),
        request('GET', `/proxies/${name}`),
        request('POST', `/proxies/${name}/toxics`, '{"type":"latency"}'),
        request('POST', `/proxies/${name}`, '{"enabled":false}'),
        request('GET', `/proxies/${name}/toxics/latency_downstream`),
        request('DELETE', `/proxies/${name}/toxics/latency_downstream`),
        request('GET', `/proxies/${name}/toxics/latency_downstream`),
        request('POST', '/reset'),
        request('DELETE', `/proxies/${name}`),
        request('GET', `/proxies/${name}`),
      ]),
      11,
    )
    expect(answers.map(({ status }) => status)).toEqual([404, 201, 200, 200, 200, 200, 204, 404, 204, 204, 404])
    expect(answers[4]?.body).toContain('"enabled":false')
  })

  it('answers 500 requests that arrive together, in order', async () => {
    const name = await make()
    const one = (at: number): Buffer => request('POST', `/proxies/${name}`, JSON.stringify({ upstream: `127.0.0.1:${1000 + at}` }))
    const answers = await send(server, Buffer.concat(Array.from({ length: 500 }, (_each, at) => one(at))), 500)
    expect(answers.map(({ body }) => (JSON.parse(body) as { upstream: string }).upstream)).toEqual(
      Array.from({ length: 500 }, (_each, at) => `127.0.0.1:${1000 + at}`),
    )
  })

  it('refuses a browser', async () => {
    const [answer] = await send(server, 'GET /proxies HTTP/1.1\r\nHost: a\r\nUser-Agent: Mozilla/5.0\r\n\r\n')
    expect(answer).toMatchObject({ status: 403 })
  })

  it.each([
    '\x16\x03\x01\r\n\r\n',
    'GET\r\n\r\n',
    'GET / HTTP/1.1\r\nHost: a\r\nContent-Length: x\r\n\r\n',
    `GET /${'%'.repeat(50)} HTTP/1.1\r\nHost: a\r\n\r\n`,
  ])('lives on after %j', async (bytes) => {
    await send(server, bytes)
    expect((await send(server, request('GET', '/version')))[0]?.status).toBe(200)
  })
})

describe('our own server', () => {
  it('refuses a body that is longer than any configuration', async () => {
    await using server = await serveToxiproxy({ port: 0 })
    const response = await fetch(`${server.url}/proxies`, { method: 'POST', body: 'a'.repeat(17 * 1024 * 1024) }).catch(() => undefined)
    expect(response?.status ?? 413).toBe(413)
    expect((await fetch(`${server.url}/version`)).status).toBe(200)
  })

  it('feeds so many readers of events and no more', async () => {
    await using server = await serveToxiproxy({ port: 0 })
    const leave = new AbortController()
    const join = (): Promise<number> => fetch(`${server.url}/gatecrash/events`, { signal: leave.signal }).then(({ status }) => status)
    expect(await Promise.all(Array.from({ length: 64 }, join))).toEqual(Array.from({ length: 64 }, () => 200))
    expect(await join()).toBe(503)
    leave.abort()
  })
})
