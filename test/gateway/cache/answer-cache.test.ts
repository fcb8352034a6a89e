// The rules of the cache as tables: what an upstream said, what is asked when it has failed, and what the client gets.
import type { IncomingHttpHeaders } from 'node:http'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AnswerCache, type CachedRequest } from '../../../src/gateway/cache/answer-cache.ts'
import type { KeptResponse } from '../../../src/gateway/cache/kept-response.ts'
import { substituteResponse } from '../../../src/gateway/request/substitute-response.ts'
import { virtualClock, type VirtualClock } from '../../../src/kernel/virtual-clock.ts'
import { Fallback } from '../../../src/policies/fallback/fallback.ts'
import { fallbackSettings } from '../../../src/policies/fallback/settings.ts'
import type * as z from 'zod'
import { propertyRuns } from '../../property-runs.ts'

type Fields = Record<string, string>
interface Asked {
  method?: string
  path?: string
  headers?: Fields
  body?: string | undefined
}
interface Told {
  status?: number
  headers?: IncomingHttpHeaders
  body?: string
  isWhole?: boolean
}

/** A cache with its clock; its upstream has failed whenever something is asked of it. */
class Rig {
  readonly clock: VirtualClock = virtualClock()
  readonly #fallback: Fallback<KeptResponse>
  readonly #cache: AnswerCache

  constructor(settings: z.input<typeof fallbackSettings> = 'cached') {
    const parsed = fallbackSettings.parse(settings)
    if (parsed?.kind !== 'cached') throw new Error('not a cache')
    this.#fallback = new Fallback(parsed, this.clock)
    this.#cache = new AnswerCache(parsed, this.#fallback)
  }

  get kept(): number {
    return this.#fallback.kept.answers
  }

  /** The upstream answers. */
  hear(asked: Asked, { status = 200, headers = {}, body = 'text', isWhole = true }: Told = {}): void {
    this.#request(asked).hear({ status, headers, body: Buffer.from(body), tookMs: 0 }, isWhole)
  }

  /** The upstream fails. */
  ask(asked: Asked): { status: number; headers: Fields; body: string | undefined } | undefined {
    const substitute = this.#fallback.instead(this.#request(asked))
    if (substitute.use !== 'cached') return undefined
    const { status, headers, body } = substituteResponse(substitute)
    const named = Object.fromEntries(headers.flatMap((text, at) => (at % 2 ? [] : [[text, headers[at + 1]!]])))
    return { status, headers: named, body: body && String(body) }
  }

  #request({ method = 'GET', path = '/a', headers = {}, body }: Asked): CachedRequest {
    return this.#cache.request({
      method,
      path,
      headers: Object.entries(headers).flat(),
      body: body === undefined ? body : Buffer.from(body),
    })
  }
}

const soon = 100
const cc = (value: string): Told => ({ headers: { 'cache-control': value } })
const PAST = 'Thu, 01 Jan 2015 00:00:00 GMT'
const FUTURE = 'Thu, 01 Jan 2099 00:00:00 GMT'

describe('an answer', () => {
  // [what it said, how much later it is wanted (ms), whether it is given]
  it.each<[string, Told, number, boolean]>([
    ['that says nothing', {}, soon, true],
    ['that says nothing, within maxAge', {}, 3_599_000, true],
    ['that says nothing, after maxAge', {}, 3_601_000, false],
    ['with no-store', cc('no-store'), 0, false],
    ['with No-Store in capitals', cc('No-Store'), 0, false],
    ['with no-store beside max-age', cc('max-age=60, no-store'), 0, false],
    ['with no-store in a second line', { headers: { 'cache-control': ['public', 'no-store'] as never } }, 0, false], // as undici hands lines on
    ['with private', cc('private'), 0, false],
    ['with private for some headers', cc('private="x-user"'), 0, false],
    ['with no-cache', cc('no-cache'), 0, false],
    ['with Pragma: no-cache alone', { headers: { pragma: 'No-Cache' } }, 0, false],
    ['with Pragma: no-cache beside Cache-Control', { headers: { pragma: 'no-cache', 'cache-control': 'max-age=60' } }, soon, true],
    ['with max-age, fresh', cc('max-age=60'), 59_000, true],
    ['with max-age, stale', cc('max-age=60'), 61_000, false],
    ['with max-age above our own maxAge', cc('max-age=7200'), 7_000_000, true],
    ['with a max-age beyond all numbers', cc(`max-age=${'9'.repeat(30)}`), 3_600_000_000, true],
    ['with max-age=0', cc('max-age=0'), soon, false],
    ['with an unreadable max-age', cc('max-age=soon'), soon, false],
    ['with two max-ages', cc('max-age=60, max-age=5'), 6000, false],
    ['with s-maxage, which counts for shared caches', cc('s-maxage=5, max-age=60'), 6000, false],
    ['with s-maxage, fresh', cc('s-maxage=60, max-age=0'), 59_000, true],
    ['with stale-if-error', cc('max-age=1, stale-if-error=60'), 60_000, true],
    ['with stale-if-error, older still', cc('max-age=1, stale-if-error=60'), 62_000, false],
    ['with stale-if-error and must-revalidate', cc('max-age=1, stale-if-error=60, must-revalidate'), 2000, false],
    ['with stale-if-error and proxy-revalidate', cc('max-age=1, stale-if-error=60, proxy-revalidate'), 2000, false],
    ['with stale-if-error and s-maxage', cc('s-maxage=1, stale-if-error=60'), 2000, false],
    ['with must-revalidate, fresh', cc('max-age=60, must-revalidate'), 59_000, true],
    ['with proxy-revalidate, fresh', cc('max-age=60, proxy-revalidate'), 59_000, true],
    ['with Expires to come', { headers: { expires: FUTURE } }, 86_400_000, true],
    ['with Expires gone by', { headers: { expires: PAST } }, 0, false],
    ['with Expires: 0', { headers: { expires: '0' } }, 0, false],
    ['with max-age, whatever Expires says', { headers: { 'cache-control': 'max-age=60', expires: PAST } }, 59_000, true],
    ['that was old on arrival', { headers: { 'cache-control': 'max-age=60', age: '59' } }, 2000, false],
    ['that was too old on arrival', { headers: { 'cache-control': 'max-age=60', age: '61' } }, 0, false],
    ['that says nothing and was old on arrival', { headers: { age: '3599' } }, 2000, false],
    ['with an unreadable Age', { headers: { 'cache-control': 'max-age=60', age: 'old' } }, soon, true],
    ['made long ago by its Date', { headers: { 'cache-control': 'max-age=60', date: PAST } }, 0, false],
    ['made long ago by its Date, that says nothing of its freshness', { headers: { date: PAST } }, soon, true],
    ['with a Date to come', { headers: { 'cache-control': 'max-age=60', date: FUTURE } }, soon, true],
    ['with a cookie', { headers: { 'set-cookie': ['sid=1'] } }, 0, false],
    ['with a cookie, public', { headers: { 'set-cookie': ['sid=1'], 'cache-control': 'public' } }, soon, true],
    ['with Vary: *', { headers: { vary: '*' } }, 0, false],
    ['with * among others in Vary', { headers: { vary: 'accept, *' } }, 0, false],
    ['that came in part', { isWhole: false }, 0, false],
    ['with Content-Range', { headers: { 'content-range': 'bytes 0-3/10' } }, 0, false],
    ...[203, 204, 300, 301, 308].map((status): [string, Told, number, boolean] => [`with status ${status}`, { status }, soon, true]),
    ...[201, 202, 206, 302, 303, 304, 307].map((status): [string, Told, number, boolean] => [
      `with status ${status}`,
      { status },
      0,
      false,
    ]),
    ...[400, 404, 410, 429, 500, 503].map((status): [string, Told, number, boolean] => [`with status ${status}`, { status }, 0, false]),
    ['with status 302 and its own max-age', { status: 302, ...cc('max-age=60') }, soon, true],
  ])('%s', (_name, told, later, given) => {
    const rig = new Rig()
    rig.hear({}, told)
    rig.clock.advance(later)
    expect(rig.ask({})?.status).toBe(given ? (told.status ?? 200) : undefined)
  })

  it.each<[string, Told, boolean]>([
    ['that says nothing', {}, false],
    ['with max-age', cc('max-age=60'), false],
    ['with public', cc('public'), true],
    ['with Public in capitals', cc('PUBLIC'), true],
    ['with s-maxage', cc('s-maxage=60'), true],
    ['with must-revalidate', cc('max-age=60, must-revalidate'), true],
    ['with public and private', cc('public, private'), false],
  ])('to a request with Authorization, %s', (_name, told, given) => {
    const rig = new Rig()
    const headers = { Authorization: 'Bearer alice' }
    rig.hear({ headers }, told)
    expect(rig.ask({ headers }) !== undefined).toBe(given)
    expect(rig.ask({ headers: { Authorization: 'Bearer bob' } })).toBeUndefined()
    expect(rig.ask({})).toBeUndefined()
  })

  it('is given with its Date and its whole age, without cookies, with the length of its body', () => {
    const rig = new Rig()
    const date = new Date(Date.now() - 500).toUTCString()
    rig.hear({}, { headers: { date, age: '7', 'set-cookie': ['sid=1'], 'cache-control': 'public', etag: '"e"', 'x-extra': 'x' } })
    rig.clock.advance(5400)
    expect(rig.ask({})).toEqual({
      status: 200,
      headers: { date, age: '12', 'cache-control': 'public', etag: '"e"', 'x-extra': 'x', 'content-length': '4' },
      body: 'text',
    })
  })

  it('without a Date gets one', () => {
    const rig = new Rig()
    rig.hear({})
    expect(Math.abs(Date.parse(rig.ask({})!.headers['date']!) - Date.now())).toBeLessThan(5000)
  })

  it('may be older where the settings or the answer say so, the answer first', () => {
    const rig = new Rig({ kind: 'cached', staleIfError: '10s' })
    rig.hear({ path: '/settings' }, cc('max-age=1'))
    rig.hear({ path: '/itself' }, cc('max-age=1, stale-if-error=3'))
    rig.hear({ path: '/never' }, cc('max-age=1, must-revalidate'))
    rig.clock.advance(5000)
    expect(['/settings', '/itself', '/never'].map((path) => rig.ask({ path })?.status)).toEqual([200, undefined, undefined])
  })
})

describe('a request', () => {
  const etag: Told = { headers: { etag: 'W/"e1"', 'last-modified': 'Tue, 03 Mar 2020 00:00:00 GMT', 'content-type': 'text/plain' } }
  // [what it says, the answer that is kept, how much later (ms), the status it gets]
  it.each<[string, Asked, Told, number, number | undefined]>([
    ['with no-cache', { headers: { 'cache-control': 'No-Cache' } }, {}, 0, undefined],
    ['with no-store', { headers: { 'cache-control': 'no-store' } }, {}, 0, undefined],
    ['with Pragma: no-cache', { headers: { Pragma: 'no-cache' } }, {}, 0, undefined],
    ['with max-age, young enough', { headers: { 'cache-control': 'max-age=10' } }, {}, 9000, 200],
    ['with max-age, too old', { headers: { 'cache-control': 'max-age=10' } }, {}, 11_000, undefined],
    ['with max-age, stale', { headers: { 'cache-control': 'max-age=10' } }, cc('max-age=1, stale-if-error=60'), 5000, undefined],
    ['with min-fresh, fresh for long', { headers: { 'cache-control': 'min-fresh=10' } }, cc('max-age=60'), 49_000, 200],
    ['with min-fresh, not fresh for long', { headers: { 'cache-control': 'min-fresh=10' } }, cc('max-age=60'), 51_000, undefined],
    ['with max-stale', { headers: { 'cache-control': 'max-stale=10' } }, cc('max-age=1'), 10_000, 200],
    ['with max-stale, older still', { headers: { 'cache-control': 'max-stale=10' } }, cc('max-age=1'), 12_000, undefined],
    ['with max-stale of any length', { headers: { 'cache-control': 'max-stale' } }, cc('max-age=1'), 600_000, 200],
    [
      'with max-stale, where that is forbidden',
      { headers: { 'cache-control': 'max-stale' } },
      cc('max-age=1, must-revalidate'),
      2000,
      undefined,
    ],
    ['with stale-if-error of its own', { headers: { 'cache-control': 'stale-if-error=60' } }, cc('max-age=1'), 50_000, 200],
    ['with only-if-cached', { headers: { 'cache-control': 'only-if-cached' } }, {}, soon, 200],
    ['with only-if-cached, stale', { headers: { 'cache-control': 'only-if-cached' } }, cc('max-age=1, stale-if-error=60'), 2000, undefined],
    ['with Range', { headers: { Range: 'bytes=0-1' } }, {}, 0, undefined],
    ['with If-Match', { headers: { 'if-match': '"e1"' } }, etag, 0, undefined],
    ['with If-Unmodified-Since', { headers: { 'if-unmodified-since': FUTURE } }, etag, 0, undefined],
    ['with the tag that is kept', { headers: { 'If-None-Match': '"e1"' } }, etag, 0, 304],
    ['with the tag that is kept among others', { headers: { 'if-none-match': '"e0", W/"e1"' } }, etag, 0, 304],
    ['with another tag', { headers: { 'if-none-match': '"e2"' } }, etag, 0, 200],
    ['with any tag', { headers: { 'if-none-match': '*' } }, {}, 0, 304],
    ['with a tag, where none is kept', { headers: { 'if-none-match': '"e1"' } }, {}, 0, 200],
    ['with another tag and a date that would do', { headers: { 'if-none-match': '"e2"', 'if-modified-since': FUTURE } }, etag, 0, 200],
    ['not changed since', { headers: { 'if-modified-since': 'Tue, 03 Mar 2020 00:00:00 GMT' } }, etag, 0, 304],
    ['changed since', { headers: { 'if-modified-since': 'Mon, 02 Mar 2020 00:00:00 GMT' } }, etag, 0, 200],
    ['with a date that is none', { headers: { 'if-modified-since': 'lately' } }, etag, 0, 200],
    ['with a tag, where a redirect is kept', { headers: { 'if-none-match': '*' } }, { status: 301 }, 0, 301],
  ])('%s', (_name, asked, told, later, status) => {
    const rig = new Rig()
    rig.hear({}, told)
    rig.clock.advance(later)
    expect(rig.ask(asked)?.status).toBe(status)
  })

  it('gets a 304 without anything that describes a body', () => {
    const rig = new Rig()
    rig.hear({}, { headers: { etag: '"e"', date: PAST, 'content-type': 'text/plain', 'content-location': '/b' } })
    expect(rig.ask({ headers: { 'if-none-match': '"e"' } })).toMatchObject({
      status: 304,
      headers: { etag: '"e"', date: PAST, 'content-location': '/b', age: expect.stringMatching(/^\d+$/) },
      body: undefined,
    })
    expect(Object.keys(rig.ask({ headers: { 'if-none-match': '"e"' } })!.headers).filter((name) => name.startsWith('content-'))).toEqual([
      'content-location',
    ])
  })

  it('with no-store leaves nothing behind, and what was kept as it was', () => {
    const rig = new Rig()
    rig.hear({ headers: { 'cache-control': 'no-store' } })
    expect(rig.kept).toBe(0)
    rig.hear({}, { body: 'older' })
    rig.hear({ headers: { 'cache-control': 'no-store' } }, { body: 'newer' })
    expect(rig.ask({})?.body).toBe('older')
  })

  it.each([
    ['GET', 'HEAD', true],
    ['HEAD', 'GET', false],
    ['HEAD', 'HEAD', false],
    ['GET', 'DELETE', false],
    ['GET', 'OPTIONS', false],
    ['GET', 'QUERY', false],
    ['DELETE', 'DELETE', false],
    ['POST', 'POST', false],
    ['PROPFIND', 'PROPFIND', false],
  ])('%s is kept, %s is asked', (heard, asked, given) => {
    const rig = new Rig()
    rig.hear({ method: heard })
    expect(rig.ask({ method: asked }) !== undefined).toBe(given)
  })

  it('of an unsafe method gets what was kept on a listed route alone, by body and idempotency key', () => {
    const rig = new Rig({ kind: 'cached', unsafe: ['POST /v1/*:generate'] })
    const POST: Asked = { method: 'POST', path: '/v1/m:generate', body: 'one', headers: { 'content-type': 'text/plain' } }
    rig.hear(POST)
    rig.hear({ ...POST, path: '/v1/m:train' })
    rig.hear({ ...POST, path: '/v1/a/b:generate' })
    expect(rig.kept).toBe(1)
    expect(rig.ask(POST)?.body).toBe('text')
    const others: Asked[] = [
      { ...POST, body: 'two' },
      { ...POST, path: '/v1/m:train' },
      { ...POST, path: '/v1/m:generate?x=1' },
      { ...POST, method: 'PUT' },
      { ...POST, method: 'GET' },
      { ...POST, headers: { ...POST.headers, 'Idempotency-Key': 'k' } },
      { ...POST, headers: { ...POST.headers, 'if-none-match': '*' } },
    ]
    expect(others.map((other) => rig.ask(other))).toEqual(others.map(() => undefined))
  })

  it('takes the old notation, in which the body was a part of the key, for all POSTs', () => {
    const rig = new Rig({ kind: 'cached', key: ['path', 'body'] })
    rig.hear({ method: 'POST', body: 'one' })
    expect([rig.ask({ method: 'POST', body: 'one' })?.status, rig.ask({ method: 'POST', body: 'two' })?.status]).toEqual([200, undefined])
  })

  it('gets the answer in its own language, by Vary', () => {
    const rig = new Rig()
    const told = (body: string): Told => ({ body, headers: { vary: 'Accept-Language,\tAccept' } })
    rig.hear({ headers: { 'accept-language': 'de' } }, told('eins'))
    rig.hear({ headers: { 'Accept-Language': 'en' } }, told('one'))
    const ask = (headers: Fields) => rig.ask({ headers })?.body
    expect(ask({ 'accept-language': 'de' })).toBe('eins')
    expect(ask({ 'accept-language': 'en', 'user-agent': 'x' })).toBe('one')
    expect([ask({ 'accept-language': 'fr' }), ask({}), ask({ 'accept-language': 'de', accept: 'text/html' })]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
  })

  it('is kept apart by Vary also where the settings do not', () => {
    const rig = new Rig({ kind: 'cached', identity: { headers: [] } })
    rig.hear({ headers: { 'x-user': 'alice' } }, { headers: { vary: 'X-User' } })
    expect(rig.ask({ headers: { 'x-user': 'alice' } })?.status).toBe(200)
    expect(rig.ask({ headers: { 'x-user': 'bob' } })).toBeUndefined()
  })
})

describe('whatever headers they send', () => {
  const names = ['authorization', 'api-key', 'Cookie', 'x-a', 'x-b', 'accept', 'user-agent', 'x-request-id', 'accept-language']
  const transport = new Set(['accept', 'user-agent', 'x-request-id', 'accept-language'])
  const sets = fc.dictionary(fc.constantFrom(...names), fc.constantFrom('alice', 'bob', ''), { maxKeys: 4 })
  const asked: fc.Arbitrary<Asked> = fc.record({
    method: fc.constantFrom('GET', 'HEAD', 'POST', 'DELETE'),
    path: fc.constantFrom('/a', '/a?b', '/listed'),
    headers: sets,
    body: fc.constantFrom(undefined, 'one', 'two'),
  })
  const told = fc.record({
    'cache-control': fc.constantFrom('public', 'max-age=60', 'must-revalidate, max-age=60'),
    vary: fc.constantFrom('accept', 'Accept-Language, x-a', 'x-c'),
  })
  /** Who asks, and what: everything but the transport. */
  const question = ({ method = '', path, headers: sent = {}, body = '' }: Asked): string =>
    JSON.stringify([
      method === 'HEAD' ? 'GET' : method,
      path,
      body,
      Object.entries(sent)
        .filter(([name]) => !transport.has(name))
        .map(([name, value]) => `${name.toLowerCase()} ${value}`)
        .toSorted(),
    ])

  it('nobody gets the answer to a question of another', () => {
    let given = 0
    fc.assert(
      fc.property(
        fc.array(fc.tuple(asked, told), { minLength: 5, maxLength: 40 }),
        fc.array(asked, { minLength: 40, maxLength: 40 }),
        (heard, wanted) => {
          const rig = new Rig({ kind: 'cached', unsafe: ['POST /listed'] })
          for (const [request, headers] of heard) rig.hear(request, { headers, body: question(request) })
          for (const request of [...wanted, ...heard.map(([first]) => first)]) {
            const answer = rig.ask(request)
            if (answer?.body === undefined) continue
            given++
            expect(answer.body).toBe(question(request))
          }
        },
      ),
      { numRuns: propertyRuns(0.2) },
    )
    expect(given).toBeGreaterThan(100)
  })
})

describe('what was kept', () => {
  // [what the upstream says next, of the same address, whether the older answer is still given]
  it.each<[string, Asked, Told, string | undefined]>([
    ['a newer answer', {}, { body: 'newer' }, 'newer'],
    ['a newer one that may not be kept', {}, cc('no-store'), undefined],
    ['a newer one that is too large to be held', {}, { isWhole: false }, undefined],
    ['that it is gone', {}, { status: 404 }, undefined],
    ['that it is for others', {}, { status: 403 }, undefined],
    ['that it is the same', { headers: { 'if-none-match': '"e"' } }, { status: 304 }, 'text'],
    ['a part of it', { headers: { range: 'bytes=0-1' } }, { status: 206 }, 'text'],
    ['an error', {}, { status: 503 }, 'text'],
    ['too many requests', {}, { status: 429 }, 'text'],
    ['the head of it', { method: 'HEAD' }, { body: '' }, 'text'],
    ['that it was deleted', { method: 'DELETE' }, { status: 204 }, undefined],
    ['that it was deleted, by a longer address', { method: 'DELETE', path: '/a?force' }, { status: 204 }, undefined],
    ['that it was changed', { method: 'PATCH', body: '{}' }, {}, undefined],
    ['that something unknown was done', { method: 'POST' }, { status: 303 }, undefined],
    ['that it could not be deleted', { method: 'DELETE' }, { status: 409 }, 'text'],
    ['that another was deleted', { method: 'DELETE', path: '/ab' }, { status: 204 }, 'text'],
    ['what may be done with it', { method: 'OPTIONS' }, { status: 204 }, 'text'],
  ])('%s', (_name, asked, told, body) => {
    const rig = new Rig()
    rig.hear({})
    rig.hear(asked, told)
    expect(rig.ask({})?.body).toBe(body)
  })

  it('is void for everybody when one changes it', () => {
    const rig = new Rig()
    for (const user of ['alice', 'bob']) rig.hear({ headers: { 'x-user': user } })
    rig.hear({ method: 'DELETE', headers: { 'x-user': 'alice' } })
    expect(rig.kept).toBe(0)
  })

  it('holds no more of the memory than its own bytes', () => {
    const rig = new Rig({ kind: 'cached', bytes: 9_999 })
    for (let turn = 0; turn < 50; turn++) rig.hear({ path: `/${turn}` }, { body: 'x'.repeat(1000) })
    expect(rig.kept).toBe(4)
    rig.hear({ path: '/large' }, { body: 'x'.repeat(10_000) })
    expect([rig.kept, rig.ask({ path: '/large' })]).toEqual([4, undefined])
  })
})
