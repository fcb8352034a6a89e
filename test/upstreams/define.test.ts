import { describe, expect, it } from 'vitest'
import { type Upstream, defineUpstream } from '../../src/upstreams/define.ts'
import { demo } from './demo.ts'

const latency = { is: 'fixed', ms: 1 } as const

it('knows the file and the export by which another process finds it', () => {
  const evidenceApi = defineUpstream(import.meta, { name: 'evidence-api', latency, routes: {} })
  expect(evidenceApi).toMatchObject({ name: 'evidence-api', module: import.meta.filename, export: 'evidenceApi' })
})

it('makes a route of a load from its samples', () => {
  expect(demo.greet({ weight: 3, during: ['outage'], headers: { accept: 'text/plain' } })).toEqual({
    route: 'demo.greet',
    reaches: [{ upstream: 'demo', route: 'greet' }],
    weight: 3,
    method: 'GET',
    paths: ['/demo/greet/ada', '/demo/greet/bob'],
    headers: { accept: 'text/plain' },
    bodies: [],
    during: ['outage'],
  })
})

it('asks at another address of the gateway, with the names of its own path', () => {
  expect(demo.greet({ at: '/hello/{who}' }).paths).toEqual(['/hello/ada', '/hello/bob'])
  expect(demo.greet({ at: '/hello/{who}/{other}', paths: ['/greet/eve?loud=1'] }).paths).toEqual(['/hello/eve/{other}?loud=1'])
})

it('asks for an idempotency key only where it is wanted', () => {
  expect(demo.visit()).not.toHaveProperty('idempotencyKey')
  expect(demo.visit({ idempotencyKey: true, bodies: [{ a: 1 }] })).toMatchObject({
    idempotencyKey: true,
    bodies: [{ a: 1 }],
    paths: ['/demo/visits'],
  })
})

it('refuses a name that cannot stand in a URL', () => {
  expect(() => defineUpstream(import.meta, { name: 'Evidence API', latency, routes: {} })).toThrow(
    /upstream "Evidence API" cannot be served: 1 problem\n {2}name {2}needs a name of lower-case letters/,
  )
})

it('refuses a route that is named like a property of every upstream', () => {
  const reply = () => ({})
  expect(() => defineUpstream(import.meta, { name: 'x', latency, routes: { open: { method: 'GET', path: '/', reply } } })).toThrow(
    /route named "open"/,
  )
})

it.each(['then', 'toJSON'])('refuses a route by whose name programs would take the upstream for something else: %s', (name) => {
  const routes = { [name]: { method: 'GET', path: '/', reply: () => ({}) } }
  expect(() => defineUpstream(import.meta, { name: 'x', latency, routes })).toThrow(new RegExp(`routes\\.${name} .*take the upstream for`))
})

it('refuses a route that no load could ask for', () => {
  const reply = () => ({})
  expect(() => defineUpstream(import.meta, { name: 'x', latency, routes: { get: { method: 'GET', path: '/{id}', reply } } })).toThrow(
    /samples\.paths/,
  )
})

it('gives every server a memory of its own', () => {
  const request = { method: 'POST', path: '/visits', params: {}, headers: {}, body: Buffer.alloc(0), json: () => undefined }
  const ask = (instance: ReturnType<typeof demo.open>) =>
    instance('visit', { ...request, query: new URLSearchParams(), random: undefined as never }).body
  const [first, second] = [demo.open(), demo.open()]
  expect([ask(first), ask(first), ask(second)]).toEqual([{ visits: 1 }, { visits: 2 }, { visits: 1 }])
})

describe('a definition', () => {
  const reply = () => ({})
  const things = { method: 'GET', path: '/things/{id}', samples: { paths: ['/things/1'] }, reply }
  const sound = { name: 'shop', latency: '20ms', routes: { things } }
  const defined = (changes: object) => (): unknown => defineUpstream(import.meta, { ...sound, ...changes })
  const withRoute = (changes: object) => defined({ routes: { things: { ...things, ...changes } } })

  it.each([
    ["'200ms'", '200ms', { is: 'fixed', ms: 200 }],
    ['a number of milliseconds', 15, { is: 'fixed', ms: 15 }],
    ['median and sigma', { median: '200ms', sigma: 0.4 }, { is: 'log_normal', medianMs: 200, sigma: 0.4 }],
    ['min and max', { min: '1s', max: '2s' }, { is: 'uniform', minMs: 1000, maxMs: 2000 }],
    ['what it is parsed to', { is: 'fixed', ms: 5 }, { is: 'fixed', ms: 5 }],
  ])('writes latency as faults do: %s', (_, written, parsed) => {
    const shop = defineUpstream(import.meta, {
      ...sound,
      latency: written,
      routes: { things, slow: { ...things, latency: written } },
    } as never) as Upstream
    expect([shop.latency, shop.routes['slow']?.latency]).toEqual([parsed, parsed])
  })

  it.each<[string, () => unknown, RegExp]>([
    ['a latency without sigma', defined({ latency: { median: '200ms' } }), /latency\.sigma/],
    ['a latency that is no span', defined({ latency: 'soon' }), /latency .*not a duration: "soon"/],
    ['no latency', defined({ latency: undefined }), /latency/],
    ['a latency of a route', withRoute({ latency: '-1s' }), /routes\.things\.latency/],
    ['a misspelt setting', defined({ capasity: { workers: 1, queue: 1 } }), /unknown setting "capasity"; did you mean "capacity"/],
    ['a misspelt setting of a route', withRoute({ metod: 'GET' }), /unknown setting "metod"; did you mean "method"/],
    ['a misspelt setting of samples', withRoute({ samples: { path: ['/things/1'] } }), /unknown setting "path"; did you mean "paths"/],
    ['a capacity without workers', defined({ capacity: { workers: 0, queue: 1 } }), /capacity\.workers/],
    ['a capacity of halves', defined({ capacity: { workers: 1.5, queue: 1 } }), /capacity\.workers/],
    ['a method in small letters', withRoute({ method: 'get' }), /routes\.things\.method .*in capitals, such as "GET", got "get"/],
    ['a method that HTTP does not know', withRoute({ method: 'FETCH' }), /method of HTTP/],
    ['HEAD, which GET answers', withRoute({ method: 'HEAD' }), /HEAD is answered as GET is/],
    ['a route without a reply', withRoute({ reply: undefined }), /routes\.things\.reply .*must be a function/],
    ['a route that is no object', defined({ routes: { things: 'yes' } }), /routes\.things/],
    ['a path without a slash', withRoute({ path: 'things' }), /routes\.things\.path .*must begin with a slash/],
    ['a path that names one thing twice', withRoute({ path: '/{a}/{a}' }), /names stand in braces, each once/],
    ['a path with an open brace', withRoute({ path: '/{a' }), /names stand in braces/],
    ['a sample path of another route', withRoute({ samples: { paths: ['/other/1'] } }), /"\/other\/1" does not match the route's path/],
    ['a sample path with a blank', withRoute({ samples: { paths: ['/things/a b'] } }), /samples\.paths\[0\]/],
    [
      'a sample body of another route',
      withRoute({ bodyHas: { stream: true }, samples: { ...things.samples, bodies: [{ stream: false }] } }),
      /samples\.bodies\[0\].*only bodies with \{"stream":true\}/,
    ],
    ['a header that cannot be sent', withRoute({ samples: { ...things.samples, headers: { a: 'x\ny' } } }), /headers\.a .*cannot be sent/],
    ['a header that is a number', withRoute({ samples: { ...things.samples, headers: { a: 1 } } }), /headers\.a/],
    ['a name of a route that is no name', defined({ routes: { 'a b': things } }), /a route's name is letters/],
    ['a route named like what objects inherit', defined({ routes: { ['__proto__']: things } }), /__proto__|name is letters/],
    ['no routes', defined({ routes: undefined }), /routes/],
  ])('is refused with %s', (_, define, message) => {
    expect(define).toThrow(message)
  })

  it('is refused with all problems at once', () => {
    expect(defined({ name: 'Shop', latency: '1 fortnight', wieght: 3, routes: { open: { ...things, method: 'get' } } })).toThrow(
      /5 problems/,
    )
  })

  it.each<[string, object, RegExp]>([
    ['a misspelt option', { wieght: 3 }, /unknown setting "wieght"; did you mean "weight"/],
    ['no weight', { weight: 0 }, /weight/],
    ['an endless weight', { weight: Number.POSITIVE_INFINITY }, /weight .*got Infinity/],
    ['a phase that is no list', { during: 'outage' }, /during/],
    ['no phase', { during: [] }, /during/],
    ['a status that is ok anyway', { expectedStatuses: [200] }, /expectedStatuses\[0\]/],
    ['a header that cannot be sent', { headers: { 'x-a': 'a\r\nb: c' } }, /headers\.x-a/],
    ['a header whose name cannot be sent', { headers: { 'x a': 'b' } }, /headers\.x a/],
    ['a path of another route', { paths: ['/elsewhere'] }, /does not match the route's path/],
    ['an address without a slash', { at: 'shop' }, /at .*slash/],
  ])('takes no route of a load with %s', (_, options, message) => {
    const shop = defineUpstream(import.meta, sound as never) as unknown as { things: (options: object) => unknown }
    expect(() => shop.things(options)).toThrow(message)
    expect(() => shop.things(options)).toThrow(/^shop\.things\(\): 1 problem/)
  })
})
