import { describe, expect, it } from 'vitest'
import type { FakeSketch, RouteSketch } from '../../../src/project/init/fakes/fake-sketch.ts'
import { plainFake } from '../../../src/project/init/fakes/plain-fake.ts'
import { checkAsked, checkNames, planInit } from '../../../src/project/init/init-project.ts'
import type { Surroundings } from '../../../src/project/init/surroundings.ts'

const around = (changes: Partial<Surroundings> = {}): Surroundings => ({
  packageManager: 'npm',
  files: ['package.json', 'server.js'],
  fakes: [],
  sources: [],
  manifest: { type: 'commonjs' },
  ...changes,
})
const planned = (changes: Partial<Surroundings> = {}, names = ['orders', 'order-desk']) =>
  planInit('node server.js', names.map(plainFake), around(changes))

describe('what init writes', () => {
  it('is a config, a fake for each upstream, and two scenarios', () => {
    const { files } = planned()
    expect(files.map(({ name, ending }) => name + ending)).toEqual([
      'gatecrash.config.mts',
      'fakes/orders.mts',
      'fakes/order-desk.mts',
      'scenarios/orders-outage.mts',
      'scenarios/steady.mts',
    ])
  })

  it('ends in .ts in a package of modules, where that is enough', () => {
    const { files } = planned({ manifest: { type: 'module' } })
    expect(files.every(({ ending }) => ending === '.ts')).toBe(true)
  })

  it('reads as a person would write it', async () => {
    const sources = [`process.env.ORDERS_URL; app.get('/health', ready)`]
    await expect(
      planned({ sources })
        .files.map(({ name, text }) => `=== ${name}\n${text}`)
        .join('\n'),
    ).toMatchFileSnapshot('./project.txt')
  })

  it('lets a criterion that needs request ids decide where the gateway speaks of them', () => {
    const outageOf = (...sources: string[]): string =>
      planned({ sources }).files.find(({ name }) => name === 'scenarios/orders-outage')!.text
    expect(outageOf(`req.Header.Set("X-Request-ID", id)`)).toContain(`criteria.retries('orders').during('outage').attemptsAtMost(3),`)
    expect(outageOf(`req.Header.Set("X-Trace", id)`)).toContain(`criteria.retries('orders').during('outage').attemptsAtMost(3).warn(),`)
  })

  it('plays each phase as long as every upstream needs for its part of the load', () => {
    const phasesOf = (names: string[]): string => planned({}, names).files.find(({ name }) => name.endsWith('-outage'))!.text
    expect(phasesOf(['orders'])).toContain(`phase('steady', '10s')`)
    expect(phasesOf(['a', 'b', 'c'])).toContain(`phase('steady', '21s'), phase('outage', '21s', status('a', 503))`)
  })

  it('names a fake that is there already by its file', () => {
    expect(planned({ fakes: ['orders.ts'] }).files[0]?.text).toContain("from './fakes/orders.ts'")
  })

  it('asks two upstreams that have one path at two addresses', () => {
    const [first, second] = [plainFake('orders'), { ...plainFake('orders'), name: 'archive' }]
    const { files } = planInit('node server.js', [first, second], around())
    expect(files[0]?.text).toContain(`orders.getOrder({ at: '/orders/{id}'`)
    expect(files[0]?.text).toContain(`archive.getOrder({ at: '/archive/orders/{id}'`)
  })

  it('asks for a few kinds of requests of a description with dozens, and says how many more there are', () => {
    const route = (method: string, path: string, streamed = false): RouteSketch => ({
      name: `${method.toLowerCase()}${path.replaceAll(/\W/g, '_')}`,
      method,
      path,
      samples: { headers: {} },
      reply: { status: 200, headers: {}, ...(streamed && { streamed }) },
    })
    const paths = ['/a/{id}', '/bb/{id}', '/ccc/{id}', '/a', '/bb']
    const routes = [route('GET', '/s', true), ...paths.flatMap((path) => ['DELETE', 'GET', 'POST'].map((method) => route(method, path)))]
    const asked = (fake: FakeSketch): string[] =>
      Array.from(planInit('x', [fake], around()).files[0]!.text.matchAll(/orders\.(\w+)\(/g), ([, name]) => name!)
    expect(asked({ name: 'orders', about: '', routes })).toEqual(['get_a__id_', 'get_bb__id_', 'get_a', 'post_a'])
    expect(asked({ name: 'orders', about: '', routes: [route('DELETE', '/a')] })).toEqual(['delete_a'])
    expect(planInit('x', [{ name: 'orders', about: '', routes }], around()).files[0]?.text).toContain('// 12 more are in the fake')
  })

  it('has no command where the gateway is running', () => {
    const { files } = planInit('http://127.0.0.1:8080', [plainFake('orders')], around())
    expect(files[0]?.text).toContain(`url: 'http://127.0.0.1:8080'`)
    expect(files[0]?.text).not.toContain('env:')
  })

  it.each([
    ['npm', 'npx gatecrash run orders-outage'],
    ['pnpm', 'pnpm exec gatecrash run orders-outage'],
    ['yarn', 'yarn gatecrash run orders-outage'],
  ] as const)('ends with the command to run, for %s', (packageManager, command) => {
    expect(planned({ packageManager }).next).toBe(command)
  })

  it('says that it found no path for readiness', () => {
    expect(planned().advice.join('\n')).toContain('readyPath')
    expect(planned({ sources: ['"/healthz"'] }).advice.join('\n')).not.toContain('readyPath')
  })
})

describe('what init needs', () => {
  it('is the upstreams, and the gateway where it finds none: with the command line that says so', () => {
    const sources = ['process.env.BILLING_URL']
    expect(() => checkAsked({ upstreams: [] }, around({ sources }))).toThrow(
      /needs --upstreams, .*:\n {2}npx gatecrash init --upstreams billing --gateway "node server\.js"/,
    )
    expect(() => checkAsked({ upstreams: [] }, around({ files: [], manifest: {} }))).toThrow(/--upstreams, .*, and --gateway/)
    expect(() => checkAsked({ upstreams: ['orders'] }, around({ files: [] }))).toThrow(/--upstreams orders --gateway "node server\.js"/)
  })

  it('is nothing more where both are known', () => {
    expect(checkAsked({ upstreams: ['orders'] }, around())).toBe('node server.js')
    expect(checkAsked({ upstreams: ['orders'], gateway: 'uvicorn a:b --port 80' }, around())).toBe('uvicorn a:b --port {PORT}')
  })

  it.each([
    ['Orders', /"Orders": a name is lower-case/],
    ['a/b', /a name is lower-case/],
    ['class', /"class" is a word of the language/],
    ['define-config', /"define-config" is a word/],
  ])('is a name that an upstream can have: not %s', (name, message) => {
    expect(() => checkNames(['orders', name])).toThrow(message)
  })

  it('is each upstream once', () => {
    expect(() => checkNames(['orders', 'orders'])).toThrow(/"orders" is named twice/)
    expect(() => checkNames(['orders', 'request-log'])).not.toThrow()
  })
})
