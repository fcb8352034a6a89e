import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it } from 'vitest'
import { request } from '../../src/scenario/load.ts'
import { checkConfig } from '../../src/project/check-config.ts'
import type { Project } from '../../src/project/project.ts'
import { defineUpstream } from '../../src/upstreams/define.ts'

const folder = mkdtempSync(join(tmpdir(), 'config-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
writeFileSync(join(folder, 'nginx.conf.template'), 'listen {PORT}; proxy_pass {upstreams.orders.url};')
writeFileSync(join(folder, 'wrong.template'), 'proxy_pass {upstreams.order.url};')

const fake = (name: string) =>
  defineUpstream(import.meta, {
    name,
    latency: '10ms',
    routes: {
      getThing: { method: 'GET', path: '/things/{id}', samples: { paths: ['/things/1'] }, reply: () => ({ body: {} }) },
      makeThing: { method: 'POST', path: '/things', reply: () => ({ body: {} }) },
    },
  })
const [orders, payments] = [fake('orders'), fake('payments')]

const checked = (written: unknown): Project => checkConfig(written, { source: 'gatecrash.config.ts', folder }, () => {})

function problemsOf(written: unknown): string {
  try {
    checked(written)
  } catch (error) {
    return (error as Error).message
  }
  throw new Error('it was accepted')
}

it('reads a gateway that is started, with its environment, files and headers', () => {
  const { gateway, system } = checked({
    gateway: {
      command: 'nginx -c {files.nginx.conf}',
      env: { ORDERS_URL: '{upstreams.orders.url}' },
      files: { 'nginx.conf': './nginx.conf.template' },
      headers: { 'x-config': '{upstreams.payments.url}' },
      readyPath: '/up',
      readyWithin: '20s',
    },
    upstreams: { orders, payments },
    rate: 50,
  })
  const setup = { folder, env: { ORDERS_URL: '{upstreams.orders.url}' }, files: { 'nginx.conf': join(folder, 'nginx.conf.template') } }
  expect(gateway).toEqual({
    choice: { kind: 'command', command: 'nginx -c {files.nginx.conf}', ...setup },
    setup,
    headers: { 'x-config': '{upstreams.payments.url}' },
    readyPath: '/up',
    readyWithinMs: 20_000,
  })
  expect(system?.ratePerSecond).toBe(50)
})

it('takes a text alone for a command, and one that begins like a URL for a gateway that is running', () => {
  expect(checked({ gateway: 'node server.js' }).gateway?.choice).toMatchObject({ kind: 'command', command: 'node server.js' })
  expect(checked({ gateway: 'http://127.0.0.1:8080' }).gateway?.choice).toEqual({ kind: 'url', url: 'http://127.0.0.1:8080' })
})

it('starts an image on the network of the machine, with what every gateway is told and what the config adds', () => {
  const choice = checked({ gateway: { image: 'shop/gateway:1.2', env: { API_URL: '{upstreams.orders.url}' } }, upstreams: { orders } })
    .gateway?.choice
  expect(choice).toMatchObject({ kind: 'command', startsContainer: true, env: { API_URL: '{upstreams.orders.url}' } })
  const command = choice?.kind === 'command' ? choice.command : ''
  expect(command).toContain('--network host -e PORT -e GATEWAY_CONFIG -e API_URL')
  expect(command).toMatch(/'shop\/gateway:1\.2'$/)
  expect(problemsOf({ gateway: { image: 'a; rm -rf /' } })).toContain('must be the name of an image')
})

it('asks every route of every upstream where it names none', () => {
  expect(checked({ upstreams: { orders, payments } }).system?.routes.map(({ route, paths }) => `${route} ${paths.join()}`)).toEqual([
    'orders.getThing /orders/things/1',
    'orders.makeThing /orders/things',
    'payments.getThing /payments/things/1',
    'payments.makeThing /payments/things',
  ])
})

it('tells all problems in one round, each with its place and a remedy', () => {
  const told = problemsOf({
    gatewy: 'node server.js',
    gateway: { comand: 'node server.js', readyPath: 'up', env: { 'A B': 'x', GATEWAY_CONFIG: 'x' } },
    upstreams: { orders },
    routes: [request('a', { path: 'a', reaches: ['ordrs'] })],
    rate: '100',
    flags: { seed: {} },
  })
  expect(told).toMatchInlineSnapshot(`
    "gatecrash.config.ts: 8 problems
      gatewy                      unknown setting "gatewy"; did you mean "gateway"?
      gateway.env.A B             is no name of a variable
      gateway.env.GATEWAY_CONFIG  is set for every gateway, and tells its processes; choose another name
      gateway.readyPath           must be a path that begins with a slash, such as /healthz, got "up"
      gateway.comand              unknown setting "comand"; did you mean "command"?
      rate                        must be a number of requests per second, such as 100, got "100"
      routes[0].paths[0]          must begin with a slash and hold no blanks, got "a"
      flags.seed                  invalid input, got {}"
  `)
})

it.each([
  [
    'an unknown upstream in a route',
    { upstreams: { orders }, routes: [request('a', { path: '/a', reaches: ['ordrs'] })] },
    'routes[0].reaches[0]  unknown upstream "ordrs"; did you mean "orders"?',
  ],
  [
    'an unknown upstream in expects',
    { upstreams: { orders }, expects: { ordrs: {} } },
    'expects.ordrs  unknown upstream "ordrs"; did you mean "orders"?',
  ],
  [
    'a wrong setting in expects',
    { upstreams: { orders }, expects: { orders: { breaker: { failure: 3 } } } },
    'expects.orders.breaker.failure  unknown setting "failure"; did you mean "failures"?',
  ],
  [
    'what is no upstream',
    { upstreams: { orders: {} } },
    'upstreams.orders  is no upstream; make it with defineUpstream(import.meta, { … }), got {}',
  ],
  ['an upstream under another name', { upstreams: { order: orders } }, 'upstreams.order  must be listed under its own name "orders"'],
  ['no upstream at all', { upstreams: {} }, 'upstreams  name at least one upstream'],
  ['routes without upstreams', { routes: [] }, 'routes  needs `upstreams`: the fakes that the gateway is in front of'],
  ['two routes of one name', { upstreams: { orders }, routes: [orders.makeThing(), orders.makeThing()] }, 'is taken by an earlier route'],
  ['a command and a URL', { gateway: { command: 'a', url: 'http://a' } }, 'gateway  give one of `command`, `image` and `url`'],
  ['a URL that is none', { gateway: { url: 'localhost:80' } }, 'gateway.url  must begin with http:// or https://, got "localhost:80"'],
  ['a URL with a path', { gateway: 'http://127.0.0.1/api' }, 'gateway.url  give the URL without a path'],
  [
    'variables for a gateway that is running',
    { gateway: { url: 'http://a', env: { A: 'b' } } },
    'gateway.env  is for a gateway that is started',
  ],
  [
    'an unknown placeholder in the command',
    { gateway: 'run {PROT}', upstreams: { orders } },
    'gateway.command  unknown placeholder {PROT}; known: {PORT}, {upstreams.orders.url}, {upstreams.orders.host}, {upstreams.orders.port}',
  ],
  [
    'an unknown placeholder in a variable',
    { gateway: { env: { A: '{upstreams.order.url}' } }, upstreams: { orders } },
    'gateway.env.A  unknown placeholder {upstreams.order.url}; known: ',
  ],
  [
    'an unknown placeholder in a header',
    { gateway: { headers: { 'x-a': '{files.a}' } }, upstreams: { orders } },
    'gateway.headers.x-a  unknown placeholder {files.a}; known: ',
  ],
  [
    'an unknown placeholder in the header of a route',
    { upstreams: { orders }, routes: [orders.makeThing({ headers: { 'x-a': '{orders.url}' } })] },
    'routes[0].headers.x-a  unknown placeholder {orders.url}; known: ',
  ],
  [
    'an unknown placeholder in a template',
    { gateway: { files: { 'a.conf': 'wrong.template' } }, upstreams: { orders } },
    'gateway.files.a.conf  unknown placeholder {upstreams.order.url}; known: ',
  ],
  [
    'a template that is not there',
    { gateway: { files: { 'a.conf': 'none.template' } }, upstreams: { orders } },
    'none.template cannot be read: ENOENT',
  ],
  ['a file outside of its folder', { gateway: { files: { '../a': 'wrong.template' } } }, 'gateway.files.../a  must be the name of a file'],
  ['a header that cannot be sent', { gateway: { headers: { 'a b': 'c' } } }, 'gateway.headers.a b  cannot be sent'],
  ['a list', { gateway: { env: [] } }, 'gateway.env'],
])('refuses %s', (_, written, told) => {
  expect(problemsOf(written).replaceAll(/ {2,}/g, '  ')).toContain(told)
})
