// Settings and variables that would end the gateway later, or lead it astray: each is told at the start, with its place.
import { expect, it } from 'vitest'
import { checkConfig, type GatewayConfigInput } from '../../src/gateway/config.ts'
import { readEnvironment } from '../../src/gateway/environment.ts'
import { GatecrashError } from '../../src/kernel/errors.ts'

const base = { gemini: 'http://127.0.0.1:9101' }

function refusal(act: () => unknown): string {
  try {
    act()
  } catch (error) {
    if (error instanceof GatecrashError && error.code === 'invalid_config') return error.message
    throw error
  }
  return 'accepted'
}

const fixed = (more: object) => ({ upstreams: { gemini: { fallback: { kind: 'static', body: {}, ...more } } } })
const server = (more: object) => ({ server: more })

const refused: [place: string, input: object][] = [
  ['upstreams.gemini.fallback.headers.x-bad', fixed({ headers: { 'x-bad': 'a\nb' } })],
  ['upstreams.gemini.fallback.headers.x-bad', fixed({ headers: { 'x-bad': 'a\rb' } })],
  ['upstreams.gemini.fallback.headers.x-bad', fixed({ headers: { 'x-bad': 'a\0b' } })],
  ['upstreams.gemini.fallback.headers.x-bad', fixed({ headers: { 'x-bad': '\u20ac' } })],
  ['upstreams.gemini.fallback.headers', fixed({ headers: { 'a b': '1' } })],
  ['upstreams.gemini.fallback.headers', fixed({ headers: { '': '1' } })],
  ['upstreams.gemini.fallback.headers', fixed({ headers: { 'x\r\ny': '1' } })],
  ['upstreams.gemini.fallback.headers.Content-Length', fixed({ headers: { 'Content-Length': '9' } })],
  ['upstreams.gemini.fallback.headers.transfer-encoding', fixed({ headers: { 'transfer-encoding': 'chunked' } })],
  ['upstreams.gemini.fallback.headers.x-gateway-outcome', fixed({ headers: { 'x-gateway-outcome': 'ok' } })],
  ['upstreams.gemini.fallback.body', fixed({ status: 204 })],
  ['upstreams.gemini.fallback.body', fixed({ status: 205, body: 'text' })],
  ['upstreams.gemini.fallback.body', fixed({ status: 304, body: [] })],
  ['upstreams.gemini.fallback.status', fixed({ status: 199 })],
  ['upstreams.gemini.fallback.status', fixed({ status: 600 })],
  ['server.adminToken', server({ adminToken: 'a\nb' })],
  ['server.adminToken', server({ adminToken: 'two words' })],
  ['server.adminToken', server({ adminToken: '' })],
  ['server.adminToken', server({ adminToken: 'caf\u00e9' })],
  ['server.clientRateLimit.by', server({ clientRateLimit: { limit: 1, per: '1s', by: 'x y' } })],
  ['server.clientRateLimit.by', server({ clientRateLimit: { limit: 1, per: '1s', by: '' } })],
  ['server.clientRateLimit.by', server({ clientRateLimit: { limit: 1, per: '1s', by: 'x:y' } })],
  ['server.streamIdle', server({ streamIdle: 0 })],
  ['server.heartbeat', server({ heartbeat: '0s' })],
  ['server.drain', server({ drain: `${'9'.repeat(400)}d` })],
  ['server.drain', server({ drain: Number.POSITIVE_INFINITY })],
  ['server.bodyTimeout', server({ bodyTimeout: 0 })],
  ['server.bodyBudgetBytes', server({ bodyBudgetBytes: 10 })],
  ['server.maxRequestBytes', server({ maxRequestBytes: 2 ** 52 })],
  ['server.eventsKept', server({ eventsKept: 1e12 })],
  ['server.inFlightPerUpstream', server({ inFlightPerUpstream: 0 })],
  ['server.forwarded', server({ forwarded: 'constructor' })],
  ['server.constructor', server({ constructor: 1 })],
  ['seed', { seed: 1.5 }],
  ['upstreams.constructor', { upstreams: { constructor: {} } }],
]

it.each(refused)('refuses %s: %j', (place, input) => {
  expect(refusal(() => checkConfig('test', input as GatewayConfigInput, base))).toContain(place)
})

it.each([
  ['names that are steps', { '..': 'http://127.0.0.1:1' }, 'upstreams...'],
  ['a name with a slash', { 'a/b': 'http://127.0.0.1:1' }, 'upstreams.a/b'],
  ['an empty name', { '': 'http://127.0.0.1:1' }, 'upstreams.'],
  ['an address of the gateway itself', { healthz: 'http://127.0.0.1:1' }, 'upstreams.healthz'],
  ['two names with one variable', { 'a-b': 'http://127.0.0.1:1', a_b: 'http://127.0.0.1:2' }, 'UPSTREAM_A_B'],
  ['no URL', { a: 'constructor' }, 'UPSTREAM_A'],
  ['another scheme', { a: 'javascript:alert(1)' }, 'UPSTREAM_A'],
  ['a query', { a: 'http://x/?y' }, 'UPSTREAM_A'],
  ['a fragment', { a: 'http://x/#y' }, 'UPSTREAM_A'],
  ['port 0', { a: 'http://127.0.0.1:0' }, 'UPSTREAM_A'],
  ['a port that does not exist', { a: 'http://127.0.0.1:99999' }, 'UPSTREAM_A'],
  ['credentials', { a: 'http://user:hunter2@127.0.0.1:1' }, 'UPSTREAM_A'],
])('refuses base URLs with %s', (_name, urls, place) => {
  const text = refusal(() => checkConfig('test', {}, urls))
  expect(text).toContain(place)
  expect(text).not.toContain('hunter2')
})

it.each(['constructor', '__proto__', 'toString', 'hasOwnProperty', 'valueOf'])(
  'takes %s for the name of an upstream like any other',
  (name) => {
    const urls = Object.fromEntries([[name, 'http://127.0.0.1:1']])
    const { upstreams } = checkConfig('test', {}, urls)
    expect(upstreams).toMatchObject([{ name, baseUrl: 'http://127.0.0.1:1', policies: { timeout: { attempt: 2000 } } }])
  },
)

const env = { PORT: '8080', UPSTREAM_GEMINI: 'http://127.0.0.1:9101' }

it.each([
  ['PORT', ''],
  ['PORT', ' 80'],
  ['PORT', '0x50'],
  ['PORT', '1e3'],
  ['PORT', '65536'],
  ['PORT', '-1'],
  ['PORT', '80.5'],
  ['HOST', 'not a host'],
  ['HOST', '300.1.1.1'],
  ['HOST', 'http://x'],
  ['HOST', 'x\ny'],
  ['HOST', '-'],
  ['LOG_LEVEL', 'loud'],
  ['LOG_LEVEL', 'constructor'],
  ['LOG_LEVEL', '__proto__'],
  ['MAX_REQUEST_SIZE_BYTES', 'many'],
  ['MAX_REQUEST_SIZE_BYTES', '0'],
  ['MAX_REQUEST_SIZE_BYTES', '1e3'],
  ['MAX_REQUEST_SIZE_BYTES', '-1'],
  ['SLOW_REQUEST_THRESHOLD_SECONDS', 'soon'],
  ['VERY_SLOW_REQUEST_THRESHOLD_SECONDS', '1s'],
  ['GATEWAY_ADMIN_TOKEN', 'top secret'],
  ['GATEWAY_CONFIG', '/nowhere/at/all.json'],
  ['GATEWAY_CONFIG', '/'],
])('names the variable %s when it is %j', (variable, value) => {
  const text = refusal(() => readEnvironment({ ...env, [variable]: value }))
  expect(text).toContain(variable)
})

it('repeats no token that it refuses', () => {
  const text = refusal(() => readEnvironment({ ...env, GATEWAY_ADMIN_TOKEN: 'top secret' }))
  expect(text).toContain('GATEWAY_ADMIN_TOKEN')
  expect(text).not.toContain('secret')
})

it('takes variables named as members of objects for upstreams', () => {
  const { config } = readEnvironment({ ...env, UPSTREAM_CONSTRUCTOR: 'http://127.0.0.1:1', UPSTREAM___PROTO__: 'http://127.0.0.1:2' })
  expect(config.upstreams.map(({ name }) => name)).toEqual(['gemini', 'constructor', '--proto--'])
})
