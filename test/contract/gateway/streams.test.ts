// Streams through the gateway: handed on piece by piece, judged by their head, cut when they fall silent.
import { Agent, request as send } from 'undici'
import { expect, it } from 'vitest'
import { realClock } from '../../../src/kernel/clock.ts'
import { eventually, rig, type Script, scriptedUpstream } from './rig.ts'

/** Writes a piece every `everyMs` until it is `stopped`, or for ever. */
function dripping(headers: Record<string, string>, everyMs = 20, stopped: () => boolean = () => false): Script {
  return (response) => {
    response.writeHead(200, headers)
    response.flushHeaders()
    const next = (): void => {
      if (response.destroyed) return
      if (stopped()) return void response.end()
      response.write('{"a":1},\n')
      realClock.after(everyMs, next)
    }
    next()
  }
}

interface Reading {
  headers: Record<string, string | string[] | undefined>
  text: string
  over: boolean
}

/** Reads an answer as it comes. */
async function reading(agent: Agent, url: string): Promise<Reading> {
  const { headers, body } = await send(url, { dispatcher: agent })
  const read: Reading = { headers, text: '', over: false }
  body.on('data', (chunk) => (read.text += String(chunk)))
  body.on('error', () => (read.over = true)).on('end', () => (read.over = true))
  return read
}

const wait = { timeout: { attempt: '300ms', total: '600ms' } }

it.each<[string, Record<string, string>]>([
  ['an event stream', { 'content-type': 'text/event-stream' }],
  ['an event stream in other letters, with parameters', { 'content-type': 'Text/Event-Stream ; charset=UTF-8' }],
  ['NDJSON', { 'content-type': 'application/x-ndjson' }],
  ['JSON lines', { 'content-type': 'application/jsonl' }],
  ['a stream of JSON', { 'content-type': 'application/stream+json;type=x' }],
  ['a JSON sequence', { 'content-type': 'application/json-seq' }],
  ['what nobody shall buffer', { 'content-type': 'application/json', 'x-accel-buffering': 'No' }],
  ['a growing array on a listed route', { 'content-type': 'application/json' }],
])('hands %s on as it comes, and does not end it', async (_name, headers) => {
  await using upstream = await scriptedUpstream(dripping(headers))
  const stream = headers['content-type'] === 'application/json' && !headers['x-accel-buffering'] ? ['/v1/*:stream'] : []
  await using gateway = await rig({ up: upstream.url }, { config: { upstreams: { up: { ...wait, stream } } } })
  const agent = new Agent()
  const read = await reading(agent, `${gateway.gateway.url}/up/v1/m:stream?x=1`)
  await eventually('pieces arrive while the rest is still to come', () => read.text.length > 20, 1000)
  await realClock.sleep(700)
  expect(read.over).toBe(false)
  await agent.destroy()
  await eventually('the upstream hears that the client has left', () => upstream.concurrent === 0)
})

it('closes a half-open breaker with the head of a stream that goes on, and loses no probe', async () => {
  let down = true
  const drip = dripping({ 'content-type': 'text/event-stream' })
  await using upstream = await scriptedUpstream((response, arrival) => {
    if (down) response.writeHead(503).end()
    else drip(response, arrival)
  })
  const breaker = { failures: 1, recovery: '100ms', recoveryJitter: 0, slowRate: { over: '200ms', ratio: 0.5, minimum: 1 } }
  const config = { upstreams: { up: { ...wait, breaker: { ...breaker, probeLease: '400ms' } } } }
  await using gateway = await rig({ up: upstream.url }, { config })
  expect((await gateway.ask('/up/a')).status).toBe(503)
  down = false
  await realClock.sleep(150)
  const agent = new Agent()
  const read = await reading(agent, `${gateway.gateway.url}/up/a`)
  // Longer than the attempt, the call and the probe may take.
  await realClock.sleep(1200)
  expect(read.over).toBe(false)
  const { text } = await gateway.ask('/metrics')
  expect(text).toMatch(/gateway_breaker_transitions_total\{upstream="up",to="closed"\} 1/)
  expect(text).toMatch(/gateway_breaker_transitions_total\{upstream="up",to="open"\} 1/)
  await agent.destroy()
})

it('opens the breaker when streams break off one after another, whatever their heads were', async () => {
  await using upstream = await scriptedUpstream((response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.write('data: 1\n\n', () => realClock.after(20, () => response.destroy()))
  })
  await using gateway = await rig({ up: upstream.url }, { config: { upstreams: { up: { breaker: { failures: 3 } } } } })
  for (let turn = 0; turn < 3; turn++) await expect(gateway.ask('/up/a')).rejects.toThrow(/terminated|closed|reset|aborted/i)
  await eventually('the breaker is open', () => upstream.concurrent === 0)
  expect((await gateway.ask('/up/a')).headers['x-gateway-error']).toBe('circuit_open')
})

it('cuts a stream that falls silent, whatever its kind', async () => {
  await using upstream = await scriptedUpstream((response) => {
    response.writeHead(200, { 'content-type': 'application/x-ndjson' })
    response.write('{}\n')
  })
  await using gateway = await rig({ up: upstream.url }, { config: { upstreams: { up: wait }, server: { streamIdle: '400ms' } } })
  const began = realClock.now()
  await expect(gateway.ask('/up/a')).rejects.toThrow(/terminated|closed|reset|aborted/i)
  expect(realClock.now() - began).toBeGreaterThanOrEqual(399)
  await eventually('the upstream is left', () => upstream.concurrent === 0)
  expect(gateway.gateway.timeoutsWaiting).toBe(0)
})

it('hands on a stream that has only a head, and one to HEAD', async () => {
  await using upstream = await scriptedUpstream((response) => response.writeHead(200, { 'content-type': 'text/event-stream' }).end())
  await using gateway = await rig({ up: upstream.url })
  for (const method of ['GET', 'HEAD'] as const) expect(await gateway.ask('/up/a', { method })).toMatchObject({ status: 200, text: '' })
})

it('takes an ordinary answer on the same routes for whole', async () => {
  await using upstream = await scriptedUpstream((response) => response.writeHead(200, { 'content-type': 'application/json' }).end('[1]'))
  await using gateway = await rig({ up: upstream.url }, { config: { upstreams: { up: { stream: ['POST /v1/*'] } } } })
  expect(await gateway.ask('/up/v1/a')).toMatchObject({ text: '[1]', headers: { 'content-length': '3' } })
  expect(await gateway.ask('/up/v1/a', { method: 'POST', body: '{}' })).toMatchObject({ text: '[1]' })
})
