// The token of the gateway's own services: sent to them alone, taken from nobody, given away to nobody.
import { pino } from 'pino'
import { expect, it } from 'vitest'
import { checkConfig } from '../../../src/gateway/config.ts'
import { answer, rig, type Script, scriptedUpstream } from './rig.ts'

const TOKEN = 'it-7f3a9c51'
/** Reflects what it was sent: in a header, in its body, in a trailer. */
const reflecting: Script = (response, { headers }) => {
  const seen = String(headers['x-internal-token'] ?? 'none')
  response.writeHead(200, { 'content-type': 'application/json', 'x-internal-token': seen, 'x-echo': seen, trailer: 'x-late' })
  response.addTrailers({ 'x-late': seen })
  response.end(JSON.stringify({ seen, ...headers }))
}

it('goes to our own services alone, and comes back from none', async () => {
  await using billing = await scriptedUpstream(reflecting)
  await using outside = await scriptedUpstream(reflecting)
  const lines: string[] = []
  const log = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) })
  const server = { internalToken: TOKEN, internalUpstreams: ['billing'], slowRequest: 0 }
  await using gateway = await rig({ billing: billing.url, outside: outside.url }, { config: { server }, log })
  const forged = { 'x-internal-token': 'forged-token' }
  const answers = [
    await gateway.ask('/billing/a', { headers: forged }),
    await gateway.ask('/outside/a', { headers: forged }),
    await gateway.ask('/billing/a', { headers: { connection: 'x-internal-token' } }),
  ]
  expect(billing.arrivals.map(({ headers }) => headers['x-internal-token'])).toEqual([TOKEN, TOKEN])
  expect(outside.arrivals.map(({ headers }) => headers['x-internal-token'])).toEqual([undefined])
  for (const { status, headers, text } of answers) {
    expect(status).toBe(200)
    expect(text + JSON.stringify(headers)).not.toContain(TOKEN)
  }
  expect(answers[0]!.headers).not.toHaveProperty('x-echo')
  expect(JSON.parse(answers[0]!.text)).toMatchObject({ seen: '*'.repeat(TOKEN.length) })
  expect(answers[1]!.headers).toMatchObject({ 'x-echo': 'none' })
  expect(lines.length).toBeGreaterThan(0)
  expect(lines.join('')).not.toContain(TOKEN)
})

it('is sent with the calls of a service, and not to a stand-in outside', async () => {
  await using billing = await scriptedUpstream((response) => answer(response, 503))
  await using outside = await scriptedUpstream(reflecting)
  await using gateway = await rig(
    { billing: billing.url, outside: outside.url },
    {
      config: {
        upstreams: { billing: { fallback: { kind: 'route', upstream: 'outside' } } },
        server: { internalToken: TOKEN, internalUpstreams: ['billing'] },
        services: { chain: { steps: [{ name: 'ask', upstream: 'billing', path: '/', fails: 'closed' }] } },
      },
    },
  )
  const { text } = await gateway.ask('/v1/api/chat', { method: 'POST', body: '{}' })
  expect(billing.arrivals[0]!.headers['x-internal-token']).toBe(TOKEN)
  expect(outside.arrivals[0]!.headers).not.toHaveProperty('x-internal-token')
  expect(text).not.toContain(TOKEN)
})

it('leaves a header of that name alone where no token is set', async () => {
  await using upstream = await scriptedUpstream((response) => answer(response))
  await using gateway = await rig({ a: upstream.url })
  await gateway.ask('/a/x', { headers: { 'x-internal-token': 'mine' } })
  expect(upstream.arrivals[0]!.headers['x-internal-token']).toBe('mine')
})

it('is refused when it is too short, missing, or for nobody that there is', () => {
  const config = (server: object) => () => checkConfig('test', { server }, { billing: 'http://127.0.0.1:1' })
  expect(config({ internalToken: 'short', internalUpstreams: ['billing'] })).toThrow(/server\.internalToken .*8 or more/)
  expect(config({ internalUpstreams: ['billing'] })).toThrow(/server\.internalToken .*set INTERNAL_TOKEN/)
  expect(config({ internalToken: TOKEN, internalUpstreams: ['biling'] })).toThrow(/server\.internalUpstreams .*"biling"/)
})
