// The gateway under fuzz: clients that send, and upstreams that answer, bytes that were once sensible.
import { createServer } from 'node:net'
import { expect, it } from 'vitest'
import { seededRandom } from '../../../src/kernel/random.ts'
import { listen } from '../../../src/kernel/server.ts'
import { serveToxiproxy } from '../../../src/toxiproxy/serve.ts'
import { serveControlled } from '../../../src/upstreams/serve-controlled.ts'
import { demo } from '../../upstreams/demo.ts'
import { answer, eventually, rig, scriptedUpstream } from '../gateway/rig.ts'
import { fuzz, fuzzAsked, fuzzedAnswer, fuzzedBytes, fuzzSeed, fuzzTimeout } from './fuzz.ts'
import { answersIn, sendBytes } from './raw.ts'

/** Bodies have 100 ms, and upstreams answer at once. */
const OWED_WITHIN = 3000

const ofGateway = {
  methods: ['GET', 'POST', 'PUT', 'HEAD', 'DELETE', 'OPTIONS', 'TRACE', 'CONNECT', 'PATCH', 'QUERY', 'get', 'BREW'],
  targets: [
    '/a/x',
    '/a/../x',
    '/a',
    '/a/%2e%2e/',
    '/a/caf%E9?q=1',
    '/',
    '*',
    '/healthz',
    '/metrics',
    '/constructor/x',
    'http://h/a/x',
    '//a',
    '/nowhere',
  ],
  headers: ['accept: */*', 'content-type: application/json', 'content-type: application/grpc', 'authorization: Bearer x', 'cookie: a=b'],
  bodies: ['hello', '{"a":1}', '5\r\nhello\r\n0\r\n\r\n', '0\r\nx: 1\r\n\r\n', 'x'.repeat(3000)],
}

it(`survives clients of seed ${fuzzSeed}`, { timeout: fuzzTimeout }, async () => {
  await using upstream = await scriptedUpstream((response) => answer(response))
  const config = {
    upstreams: { a: { breaker: { failures: 1 }, bulkhead: { concurrent: 20 } } },
    server: { maxRequestBytes: 2000, bodyTimeout: '100ms' },
  }
  await using gateway = await rig({ a: upstream.url }, { config })
  const { port } = gateway.gateway
  const random = seededRandom(fuzzSeed)
  const statuses = new Set<number>()
  const became = { answered: 0, cut: 0, left: 0 }
  let sent = 0
  await fuzz(
    async (ordinal) => {
      const { bytes, requests } = fuzzedBytes(random.stream(`client/${ordinal}`), ofGateway)
      const what = `FUZZ_SEED=${fuzzSeed}, client ${ordinal}: ${JSON.stringify(bytes.toString('latin1'))}`
      // A client that has sent a whole head waits for what it is owed. The others leave: their requests may not have begun.
      const isOwed = /[^\r\n]\r\n\r\n/.test(bytes.toString('latin1'))
      const { answers, closed } = await sendBytes(port, bytes, isOwed ? OWED_WITHIN : 30, 1)
      for (const { status } of answers) statuses.add(status)
      const inside = answers.filter(({ status, headers }) => status >= 500 && headers.get('x-gateway-error') === 'internal')
      expect(inside, what).toEqual([])
      const end = answers.some(({ status }) => status >= 200) ? 'answered' : closed ? 'cut' : 'left'
      expect(isOwed && end === 'left', `${what} was neither answered nor cut off`).toBe(false)
      became[end]++
      sent += requests
    },
    { asked: fuzzAsked.requests, sent: () => sent },
  )
  console.info(`${sent} requests, clients: ${JSON.stringify(became)}, statuses: ${[...statuses].toSorted((a, b) => a - b).join(' ')}`)
  for (const status of [200, 400]) expect(statuses).toContain(status)
  await eventually('nothing is in flight', () => gateway.gateway.inFlight === 0)
  await eventually('no timeout waits', () => gateway.gateway.timeoutsWaiting === 0)
  expect(gateway.gateway.bodyBytes).toBe(0)
  expect((await gateway.ask('/a/x')).status).toBe(200)
  expect((await gateway.ask('/api/v1/resilience/circuit-breakers')).text).toContain('"state":"closed"')
  expect((await gateway.ask('/metrics')).text).toContain('gateway_bulkhead_in_use{upstream="a"} 0')
})

it(`survives upstreams of seed ${fuzzSeed}`, { timeout: fuzzTimeout }, async () => {
  const random = seededRandom(fuzzSeed)
  let ordinal = 0
  await using upstream = await listen(
    createServer((socket) => {
      socket.on('error', () => {})
      socket.on('data', () => {
        const drawn = random.stream(`upstream/${ordinal++}`)
        socket.write(fuzzedAnswer(drawn))
        if (drawn.next() < 0.3) socket.end()
      })
    }),
  )
  const policies = { timeout: { attempt: '60ms', total: '100ms' }, bulkhead: { concurrent: 20 }, fallback: 'cached' as const }
  await using gateway = await rig({ a: upstream.url }, { config: { upstreams: { a: policies }, server: { streamIdle: '60ms' } } })
  let unanswered = 0
  await fuzz(
    async (at) => {
      const method = at % 5 === 0 ? 'HEAD' : 'GET'
      const { text, closed } = await sendBytes(gateway.gateway.port, `${method} /a/${at % 50} HTTP/1.1\r\nhost: x\r\n\r\n`, 2000, 1)
      if (!closed && answersIn(text).length === 0) unanswered++
      const inside = answersIn(text).filter(({ headers }) => headers.get('x-gateway-error') === 'internal')
      expect(inside, `FUZZ_SEED=${fuzzSeed}, about answer ${ordinal}`).toEqual([])
    },
    { asked: fuzzAsked.answers, sent: () => ordinal },
  )
  console.info(`${ordinal} answers`)
  expect(unanswered).toBe(0)
  await eventually('nothing is in flight', () => gateway.gateway.inFlight === 0)
  await eventually('no timeout waits', () => gateway.gateway.timeoutsWaiting === 0)
  expect((await gateway.ask('/healthz')).status).toBe(200)
  expect((await gateway.ask('/metrics')).text).toContain('gateway_bulkhead_in_use{upstream="a"} 0')
})

const methods = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS', 'get']
const headers = ['content-type: application/json', 'user-agent: Mozilla/5.0', 'accept: */*', 'origin: http://evil.example']

it(`a fake's control API and its traffic survive clients of seed ${fuzzSeed}`, { timeout: fuzzTimeout }, async () => {
  const served = await serveControlled(demo, { seed: 1 })
  const fault = '{"fault":{"is":"status","status":503}}'
  const control = {
    methods,
    targets: ['/faults/F1', '/faults', '/log', '/log?since=0', '/log?since=x', '//', '/', '/health', '/faults/__proto__', '/constructor'],
    headers,
    bodies: [fault, '{}', '[]', 'null', '{"fault":null}', '{"fault":{"is":"constructor"}}', 'x'.repeat(3000)],
  }
  const traffic = {
    methods,
    targets: ['/greet/ada', '/greet/', '//', '/', '/greet/%zz', '/greet/__proto__'],
    headers,
    bodies: ['{}', 'null'],
  }
  const random = seededRandom(fuzzSeed)
  let sent = 0
  await fuzz(
    async (ordinal) => {
      const [server, words] = ordinal % 2 === 0 ? ([served.control, control] as const) : ([served.traffic, traffic] as const)
      const { bytes, requests } = fuzzedBytes(random.stream(`fake/${ordinal}`), words)
      await sendBytes(server.port, bytes, 30, 1)
      sent += requests
    },
    { asked: fuzzAsked.requests, sent: () => sent },
  )
  console.info(`${sent} requests`)
  expect((await fetch(`${served.control.url}/faults`)).status).toBeLessThan(500)
  await served[Symbol.asyncDispose]()
})

it(`the Toxiproxy API survives clients of seed ${fuzzSeed}`, { timeout: fuzzTimeout }, async () => {
  await using api = await serveToxiproxy({ port: 0 })
  const vocabulary = {
    methods,
    targets: [
      '/proxies',
      '/proxies/p',
      '/proxies/p/toxics',
      '/proxies/p/toxics/t',
      '/populate',
      '/reset',
      '/version',
      '/metrics',
      '//',
      '/proxies/%zz',
    ],
    headers,
    bodies: [
      '{"name":"p","listen":"127.0.0.1:0","upstream":"127.0.0.1:1"}',
      '{"name":"t","type":"latency","attributes":{"latency":1}}',
      '[{"name":"p"}]',
      '{"__proto__":1}',
      'null',
    ],
  }
  const random = seededRandom(fuzzSeed)
  let sent = 0
  await fuzz(
    async (ordinal) => {
      const { bytes, requests } = fuzzedBytes(random.stream(`toxiproxy/${ordinal}`), vocabulary)
      await sendBytes(api.port, bytes, 30, 1)
      sent += requests
    },
    { asked: fuzzAsked.requests, sent: () => sent },
  )
  console.info(`${sent} requests`)
  expect((await fetch(`${api.url}/version`)).status).toBe(200)
})
