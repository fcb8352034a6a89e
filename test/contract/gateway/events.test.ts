// The event stream of breaker transitions, its replay, and the monitoring endpoints beside it.
import { createParser, type EventSourceMessage } from 'eventsource-parser'
import { Agent, request as send } from 'undici'
import { expect, it } from 'vitest'
import { realClock } from '../../../src/kernel/clock.ts'
import { answer, eventually, type Rig, rig, scriptedUpstream } from './rig.ts'

interface Reader extends AsyncDisposable {
  events: EventSourceMessage[]
  comments: string[]
  ended: Promise<void>
}

async function readEvents(gateway: Rig, query = '', headers: Record<string, string> = {}): Promise<Reader> {
  const agent = new Agent()
  const { body } = await send(`${gateway.gateway.url}/api/v1/resilience/events${query}`, { dispatcher: agent, headers })
  const events: EventSourceMessage[] = []
  const comments: string[] = []
  const parser = createParser({ onEvent: (event) => events.push(event), onComment: (comment) => comments.push(comment) })
  body.on('data', (chunk) => parser.feed(String(chunk))).on('error', () => {})
  const ended = new Promise<void>((resolve) => body.on('close', resolve))
  return { events, comments, ended, [Symbol.asyncDispose]: () => agent.destroy() }
}

const breaker = { failures: 2, recovery: '100ms', recoveryJitter: 0 }

async function outage(gateway: Rig, path = '/gemini/a'): Promise<void> {
  for (let count = 0; count < 2; count++) await gateway.ask(path)
}

it('tells every transition as it happens, numbered, with its cause and the counts behind it', async () => {
  let down = true
  await using upstream = await scriptedUpstream((response) => answer(response, down ? 503 : 200))
  await using gateway = await rig({ gemini: upstream.url }, { config: { upstreams: { gemini: { breaker } } } })
  await using reader = await readEvents(gateway)
  const before = realClock.now()
  await outage(gateway)
  await eventually('the opening is told', () => reader.events.length === 1)
  down = false
  await realClock.sleep(110)
  await gateway.ask('/gemini/a')
  await eventually('the closing is told', () => reader.events.length === 3)
  const after = realClock.now()
  expect(reader.events.map(({ id, event }) => ({ id, event }))).toEqual([1, 2, 3].map((id) => ({ id: String(id), event: 'transition' })))
  const told = reader.events.map(({ data }) => JSON.parse(data))
  expect(told).toMatchObject([
    { sequence: 1, upstream: 'gemini', from: 'closed', to: 'open', cause: 'failures', failures: 2, threshold: 2 },
    { sequence: 2, upstream: 'gemini', from: 'open', to: 'half_open', cause: 'recovery_elapsed' },
    { sequence: 3, upstream: 'gemini', from: 'half_open', to: 'closed', cause: 'probes_succeeded' },
  ])
  for (const { t } of told) {
    expect(t).toBeGreaterThan(before)
    expect(t).toBeLessThan(after)
  }
  expect(told[1].t - told[0].t).toBeGreaterThanOrEqual(100)
})

it('replays what a reader missed, by Last-Event-ID or from a number', async () => {
  await using upstream = await scriptedUpstream((response) => answer(response, 503))
  await using gateway = await rig(
    { gemini: upstream.url, jira: upstream.url },
    { config: { upstreams: { gemini: { breaker }, jira: { breaker } } } },
  )
  await outage(gateway)
  await outage(gateway, '/jira/a')
  await using all = await readEvents(gateway, '?from=0')
  await using rest = await readEvents(gateway, '', { 'last-event-id': '1' })
  await using none = await readEvents(gateway)
  await eventually('the replay is there', () => all.events.length === 2 && rest.events.length === 1)
  expect(rest.events[0]!.id).toBe('2')
  await gateway.ask('/api/v1/resilience/circuit-breakers/gemini/reset', { method: 'POST' })
  await eventually('all are told the reset', () => [all, rest, none].every(({ events }) => events.at(-1)?.id === '3'))
  expect(none.events).toHaveLength(1)
  expect(JSON.parse(none.events[0]!.data)).toMatchObject({ to: 'closed', cause: 'reset' })
})

it('announces a gap when what was missed is no longer kept', async () => {
  await using upstream = await scriptedUpstream((response) => answer(response, 503))
  const config = { upstreams: { gemini: { breaker } }, server: { eventsKept: 2 } }
  await using gateway = await rig({ gemini: upstream.url }, { config })
  for (let round = 0; round < 3; round++) {
    await outage(gateway)
    await gateway.ask('/api/v1/resilience/circuit-breakers/gemini/reset', { method: 'POST' })
  }
  await using reader = await readEvents(gateway, '?from=1')
  await eventually('the replay is there', () => reader.events.length === 3)
  expect(reader.events.map(({ event, data }) => [event, event === 'gap' ? JSON.parse(data) : JSON.parse(data).sequence])).toEqual([
    ['gap', { from: 2, to: 4 }],
    ['transition', 5],
    ['transition', 6],
  ])
})

it('says now and then that it is alive, and ends the stream when the gateway stops', async () => {
  await using upstream = await scriptedUpstream((response) => answer(response))
  await using gateway = await rig({ gemini: upstream.url }, { config: { server: { heartbeat: '30ms' } } })
  await using reader = await readEvents(gateway)
  await eventually('three heartbeats', () => reader.comments.length >= 3)
  await gateway.gateway.stop()
  await reader.ended
  expect(reader.events).toEqual([])
})

it('refuses a sequence number that is none', async () => {
  await using upstream = await scriptedUpstream((response) => answer(response))
  await using gateway = await rig({ gemini: upstream.url })
  expect((await gateway.ask('/api/v1/resilience/events?from=now')).status).toBe(400)
})

it('shows breakers in the four monitoring endpoints, in their exact shapes', async () => {
  await using upstream = await scriptedUpstream((response, { url }) => answer(response, url === '/down' ? 503 : 200))
  const config = { upstreams: { jira: { breaker: { failures: 5, successes: 2 } }, confluence: { breaker: { failures: 1 } }, mongodb: {} } }
  await using gateway = await rig({ jira: upstream.url, confluence: upstream.url, mongodb: upstream.url }, { config })
  await gateway.ask('/jira/down')
  await gateway.ask('/confluence/down')
  const get = async (path: string) => JSON.parse((await gateway.ask(`/api/v1/resilience/${path}`)).text)
  const time = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
  const jira = { state: 'closed', failure_count: 1, failure_threshold: 5, success_count: 0, opened_at: null, last_failure_time: time }
  const confluence = { state: 'open', failure_count: 1, failure_threshold: 1, success_count: 0, opened_at: time, last_failure_time: time }
  expect(await get('circuit-breakers')).toEqual({ jira, confluence })
  expect(await get('circuit-breakers/jira')).toEqual({ ...jira, success_threshold: 2 })
  expect(await get('health')).toEqual({
    status: 'degraded',
    timestamp: time,
    total_circuits: 2,
    circuits_by_state: { closed: 1, open: 1, half_open: 0 },
    open_circuits: ['confluence'],
  })
  const summary = { failure_count: 1, success_count: 0 }
  expect(await get('summary')).toEqual([
    { name: 'jira', state: 'closed', ...summary, failure_threshold: 5, success_threshold: 2, health_percentage: 100 },
    { name: 'confluence', state: 'open', ...summary, failure_threshold: 1, success_threshold: 1, health_percentage: 0 },
  ])
  for (let count = 0; count < 4; count++) await gateway.ask('/jira/down')
  expect(await get('health')).toMatchObject({ status: 'critical', open_circuits: ['jira', 'confluence'] })
  const unknown = await gateway.ask('/api/v1/resilience/circuit-breakers/jria')
  expect(unknown.status).toBe(404)
  expect(JSON.parse(unknown.text).error.technical_message).toContain('jira, confluence')
})

it('closes a breaker by hand: it then takes as many failures as ever to open it', async () => {
  await using upstream = await scriptedUpstream((response) => answer(response, 503))
  await using gateway = await rig({ gemini: upstream.url }, { config: { upstreams: { gemini: { breaker } } } })
  await outage(gateway)
  const { status, text } = await gateway.ask('/api/v1/resilience/circuit-breakers/gemini/reset', { method: 'POST' })
  expect({ status, circuit: JSON.parse(text) }).toMatchObject({ status: 200, circuit: { state: 'closed', failure_count: 0 } })
  await outage(gateway)
  expect(upstream.arrivals).toHaveLength(4)
  expect((await gateway.ask('/gemini/a')).headers['x-gateway-error']).toBe('circuit_open')
})

it('keeps operators’ addresses behind their token where there is one, and health open', async () => {
  await using upstream = await scriptedUpstream((response) => answer(response))
  await using gateway = await rig({ gemini: upstream.url }, { config: { server: { adminToken: 'secret' } } })
  for (const path of ['/api/v1/resilience/health', '/api/v1/resilience/events', '/metrics']) {
    const { status, headers } = await gateway.ask(path)
    expect({ status, error: headers['x-gateway-error'] }).toEqual({ status: 403, error: 'forbidden' })
    expect((await gateway.ask(path, { headers: { authorization: 'Bearer wrong!' } })).status).toBe(403)
  }
  expect((await gateway.ask('/api/v1/resilience/health', { headers: { authorization: 'Bearer secret' } })).status).toBe(200)
  expect((await gateway.ask('/healthz')).status).toBe(200)
})
