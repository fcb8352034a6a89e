// Clients and upstreams that try to make the cached fallback hand out what it must not. Each row: what is asked while the upstream is
// well, what is asked on one other connection when it fails, and what comes back. The last question of every row is an honest one.
import { describe, expect, it } from 'vitest'
import type { GatewayConfigInput } from '../../../src/gateway/config.ts'
import { rig, scriptedUpstream } from '../gateway/rig.ts'
import { KeepAlive } from './keep-alive.ts'

type Ask = string | [head: string, body: string]

function parts(ask: Ask): [head: string, body?: string] {
  return typeof ask === 'string' ? [ask] : ask
}

type Fallback = NonNullable<NonNullable<GatewayConfigInput['upstreams']>[string]['fallback']>
interface Row {
  /** Headers of the upstream's answers; by default an answer that may be kept. */
  told?: Record<string, string | string[]>
  status?: number
  fallback?: Fallback
  before: Ask[]
  after: [ask: Ask, wanted: Wanted][]
}
/** A status, the text of a kept answer, or more of an answer. */
type Wanted = number | string | object

const LENGTH = 27

function answerOf(wanted: Wanted): object {
  if (typeof wanted === 'object') return wanted
  if (typeof wanted === 'string') return { status: 200, headers: { 'x-gateway-fallback': 'cached' }, body: wanted.padEnd(LENGTH) }
  return wanted < 400 ? { status: wanted, headers: { 'x-gateway-fallback': 'cached' } } : { status: wanted }
}

const DOWN = 503

const rows: Record<string, Row> = {
  'the head of an answer is no answer to a GET, and the connection keeps its step': {
    before: ['HEAD /up/a HTTP/1.1'],
    after: [['GET /up/a HTTP/1.1', DOWN]],
  },
  'a HEAD gets the head of a kept GET, and the next answer is the next one': {
    before: ['GET /up/a HTTP/1.1', 'GET /up/b HTTP/1.1'],
    after: [
      ['HEAD /up/a HTTP/1.1', { status: 200, headers: { 'content-length': '27' }, body: '' }],
      ['GET /up/b HTTP/1.1', 'GET /b  for nobody'],
      ['HEAD /up/b HTTP/1.1\n if-none-match: "e"', 304],
      ['GET /up/a HTTP/1.1', 'GET /a  for nobody'],
    ],
  },
  'a 304 has no body, and the connection keeps its step': {
    before: ['GET /up/a HTTP/1.1'],
    after: [
      ['GET /up/a HTTP/1.1\n if-none-match: "e"', { status: 304, headers: { etag: '"e"' }, body: '' }],
      ['GET /up/a HTTP/1.1\n if-none-match: "other"', 'GET /a  for nobody'],
    ],
  },
  'DELETE, PUT, OPTIONS and PROPFIND are not answered by what was kept of a GET': {
    before: ['GET /up/a HTTP/1.1'],
    after: [
      ['DELETE /up/a HTTP/1.1', DOWN],
      ['OPTIONS /up/a HTTP/1.1', DOWN],
      ['PROPFIND /up/a HTTP/1.1', DOWN],
      [['PUT /up/a HTTP/1.1', '{}'], DOWN],
      [['POST /up/a HTTP/1.1', '{}'], DOWN],
    ],
  },
  'what was deleted is not given again': {
    before: ['GET /up/a HTTP/1.1', 'GET /up/b HTTP/1.1', 'DELETE /up/a HTTP/1.1'],
    after: [
      ['GET /up/a HTTP/1.1', DOWN],
      ['GET /up/b HTTP/1.1', 200],
    ],
  },
  ...Object.fromEntries(
    ['api-key', 'x-api-key', 'cookie', 'X-Auth-Token', 'x-forwarded-user', 'private-token', 'x-amz-security-token'].map(
      (name): [string, Row] => [
        `a client that calls itself alice in ${name} gets nothing of bob's, nor bob of hers`,
        {
          before: [`GET /up/a HTTP/1.1\n ${name}: alice`],
          after: [
            [`GET /up/a HTTP/1.1\n ${name}: bob`, DOWN],
            [`GET /up/a HTTP/1.1`, DOWN],
            [`GET /up/a HTTP/1.1\n ${name}: alice, bob`, DOWN],
            [`GET /up/a HTTP/1.1\n ${name}: bob\n ${name}: alice`, DOWN],
            [`GET /up/a HTTP/1.1\n ${name}: alice`, 200],
          ],
        },
      ],
    ),
  ),
  'a header that is taken off on the way names nobody': {
    // The upstream has not seen the tenant: its answer is nobody's, and alice must not get it.
    before: ['GET /up/a HTTP/1.1\n connection: keep-alive, x-tenant\n x-tenant: alice'],
    after: [
      ['GET /up/a HTTP/1.1\n x-tenant: alice', DOWN],
      ['GET /up/a HTTP/1.1', 'GET /a  for nobody'],
    ],
  },
  'an answer to Authorization is not kept unless it says that it may be': {
    before: ['GET /up/a HTTP/1.1\n authorization: Bearer alice'],
    after: [['GET /up/a HTTP/1.1\n authorization: Bearer alice', DOWN]],
  },
  'a public answer to Authorization is given to its own client alone': {
    told: { 'cache-control': 'public, max-age=60' },
    before: ['GET /up/a HTTP/1.1\n authorization: Bearer alice'],
    after: [
      ['GET /up/a HTTP/1.1\n authorization: Bearer bob', DOWN],
      ['GET /up/a HTTP/1.1', DOWN],
      ['GET /up/a HTTP/1.1\n authorization: Bearer alice', 200],
    ],
  },
  'a host that the upstream is told of does not poison the answer of others': {
    before: ['GET /up/a HTTP/1.1\n x-forwarded-host: evil.example'],
    after: [['GET /up/a HTTP/1.1', DOWN]],
  },
  'cookies are not given to others, not even of an answer that is public': {
    told: { 'set-cookie': ['sid=alice', 'theme=dark'], 'cache-control': 'public' },
    before: ['GET /up/a HTTP/1.1'],
    after: [['GET /up/a HTTP/1.1', { status: 200, cookies: [] }]],
  },
  ...Object.fromEntries(
    Object.entries<Record<string, string | string[]>>({
      'a cookie': { 'set-cookie': 'sid=alice' },
      'No-Store': { 'cache-control': 'No-Store' },
      'no-store in its second line': { 'cache-control': ['max-age=60', 'no-store'] },
      private: { 'cache-control': 'PRIVATE, max-age=60' },
      'no-store behind an open quote': { 'cache-control': 'x="a, no-store' },
      'Vary: *': { vary: ['accept', '*'] },
      'max-age=0': { 'cache-control': 'max-age=0' },
      'an age above its freshness': { 'cache-control': 'max-age=60', age: '61' },
    }).map(([name, told]): [string, Row] => [
      `an answer with ${name} is not given again`,
      { told, before: ['GET /up/a HTTP/1.1'], after: [['GET /up/a HTTP/1.1', DOWN]] },
    ]),
  ),
  ...Object.fromEntries(
    [206, 201, 302, 404, 410].map((status): [string, Row] => [
      `an answer with status ${status} is not given again`,
      { status, before: ['GET /up/a HTTP/1.1\n range: bytes=0-3', 'GET /up/a HTTP/1.1'], after: [['GET /up/a HTTP/1.1', DOWN]] },
    ]),
  ),
  'a part is not made of a whole': {
    before: ['GET /up/a HTTP/1.1'],
    after: [
      ['GET /up/a HTTP/1.1\n range: bytes=0-3', DOWN],
      ['GET /up/a HTTP/1.1\n range: bytes=0-3\n if-range: "e"', DOWN],
    ],
  },
  'each language has its own answer': {
    told: { vary: 'Accept-Language' },
    before: ['GET /up/a HTTP/1.1\n accept-language: de', 'GET /up/a HTTP/1.1\n accept-language: en'],
    after: [
      ['GET /up/a HTTP/1.1\n Accept-Language: de', 200],
      ['GET /up/a HTTP/1.1\n accept-language: fr', DOWN],
      ['GET /up/a HTTP/1.1', DOWN],
    ],
  },
  'a client that wants no old answer gets none': {
    before: ['GET /up/a HTTP/1.1'],
    after: [
      ['GET /up/a HTTP/1.1\n cache-control: No-Cache', DOWN],
      ['GET /up/a HTTP/1.1\n pragma: no-cache', DOWN],
      ['GET /up/a HTTP/1.1\n cache-control: no-store', DOWN],
      ['GET /up/a HTTP/1.1\n cache-control: max-age=60', 200],
    ],
  },
  'a client that wants only what is kept is told so where there is nothing': {
    before: ['GET /up/a HTTP/1.1'],
    after: [
      ['GET /up/b HTTP/1.1\n cache-control: only-if-cached', 504],
      ['DELETE /up/a HTTP/1.1\n cache-control: only-if-cached', 504],
      ['GET /up/a HTTP/1.1\n cache-control: Only-If-Cached', 'GET /a  for nobody'],
    ],
  },
  'a POST is kept on a listed route alone, for its body and its idempotency key': {
    fallback: { kind: 'cached', unsafe: ['POST /ask/*'] },
    before: [
      ['POST /up/ask/a HTTP/1.1', 'one'],
      ['POST /up/tell/a HTTP/1.1', 'one'],
    ],
    after: [
      [['POST /up/ask/a HTTP/1.1', 'two'], DOWN],
      [['POST /up/ask/a HTTP/1.1\n idempotency-key: k', 'one'], DOWN],
      [['POST /up/ask/a HTTP/1.1\n x-user: bob', 'one'], DOWN],
      [['PUT /up/ask/a HTTP/1.1', 'one'], DOWN],
      ['GET /up/ask/a HTTP/1.1', DOWN],
      [['POST /up/tell/a HTTP/1.1', 'one'], DOWN],
      [['POST /up/ask/a HTTP/1.1', 'one'], 'POST /ask/a one for nobody'],
    ],
  },
}

describe('the cached fallback', () => {
  it.each(Object.entries(rows))('%s', async (_name, { told = {}, status = 200, fallback = 'cached', before, after }) => {
    let down = false
    await using upstream = await scriptedUpstream((response, { method, url, headers, body }) => {
      if (down) {
        response.writeHead(DOWN, { 'content-length': '4' }).end(method === 'HEAD' ? undefined : 'down')
        return
      }
      const who = headers['x-tenant'] ?? headers['api-key'] ?? 'nobody'
      const text = `${method} ${url} ${String(body)} for ${String(who)}`.padEnd(LENGTH)
      response.writeHead(status, { etag: '"e"', 'content-type': 'text/plain', 'content-length': String(text.length), ...told })
      response.end(method === 'HEAD' ? undefined : text)
    })
    await using gateway = await rig({ up: upstream.url }, { config: { upstreams: { up: { fallback } } } })
    const { port } = gateway.gateway
    await using friend = new KeepAlive(port)
    for (const ask of before) await friend.ask(...parts(ask))
    down = true
    await using client = new KeepAlive(port)
    for (const [ask, wanted] of after) expect(await client.ask(...parts(ask)), String(ask)).toMatchObject(answerOf(wanted))
    down = false
    expect(await client.ask('GET /up/z HTTP/1.1')).toMatchObject({
      status: expect.any(Number) as number,
      body: expect.stringMatching(/^GET \/z {2}for nobody/) as string,
    })
    expect(client.leftOver).toBe('')
  })

  it('asks nobody for a client that wants only what is kept', async () => {
    await using upstream = await scriptedUpstream((response) => response.end('x'))
    await using gateway = await rig({ up: upstream.url }, { config: { upstreams: { up: { fallback: 'cached' } } } })
    const { status, headers, text } = await gateway.ask('/up/a', { headers: { 'cache-control': 'only-if-cached' } })
    expect({ status, error: headers['x-gateway-error'] }).toEqual({ status: 504, error: 'only_if_cached' })
    expect(JSON.parse(text)).toMatchObject({ error: { code: 'not_cached', retryable: false } })
    expect(upstream.arrivals).toHaveLength(0)
  })
})
