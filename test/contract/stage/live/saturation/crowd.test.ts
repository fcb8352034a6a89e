// autocannon against servers that answer, refuse, close and hang: what the crowd records of each.
import { type RequestListener, createServer } from 'node:http'
import autocannon from 'autocannon'
import { expect, it } from 'vitest'
import { marks } from '../../../../../src/contract/headers.ts'
import { requestIndex } from '../../../../../src/evidence/request-id.ts'
import type { SaturationEvent } from '../../../../../src/evidence/events.ts'
import { realClock } from '../../../../../src/kernel/clock.ts'
import { listen } from '../../../../../src/kernel/server.ts'
import type { PlannedRoute } from '../../../../../src/plan/plan.ts'
import { playCrowd } from '../../../../../src/stage/live/saturation/crowd.ts'

const route: PlannedRoute = {
  route: 'get',
  reaches: [],
  weight: 1,
  method: 'POST',
  paths: ['/one', '/two'],
  headers: {},
  idempotencyKey: true,
  bodies: [{ a: 1 }],
}

interface Played {
  events: SaturationEvent[]
  tookMs: number
}

async function crowdAt(
  answer: RequestListener,
  { lastsMs = 500, timeoutMs = 5000, signal = new AbortController().signal } = {},
): Promise<Played> {
  await using server = await listen(createServer(answer))
  const events: SaturationEvent[] = []
  const began = realClock.now()
  await playCrowd({
    autocannon,
    clock: realClock,
    plan: { seed: 1, phases: [], load: { arrivals: 'poisson', rate: [], mix: [route], timeoutMs } },
    run: 'r1',
    phase: 'saturated',
    connections: 10,
    target: server.url,
    untilMs: began + lastsMs,
    signal,
    write: (event) => void events.push(event),
  })
  return { events, tookMs: realClock.now() - began }
}

const countOf = ({ events }: Played, outcome: keyof SaturationEvent['answers']): number =>
  events.reduce((sum, { answers }) => sum + (answers[outcome]?.totalCount ?? 0), 0)

const waitingIn = ({ events }: Played): number => events.at(-1)?.waiting?.totalCount ?? 0

it('asks again as soon as it is answered, each request whole and under an id of its own', async () => {
  const seen: { method: string | undefined; path: string | undefined; id: string; key: string; body: string }[] = []
  const played = await crowdAt((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => (body += chunk.toString()))
    request.on('end', () => {
      const { 'x-request-id': id, 'idempotency-key': key } = request.headers
      seen.push({ method: request.method, path: request.url, id: String(id), key: String(key), body })
      response.end('ok')
    })
  })
  expect(countOf(played, 'ok')).toBeGreaterThan(50)
  expect(new Set(seen.map(({ id }) => id)).size).toBe(seen.length)
  expect(new Set(seen.map(({ path }) => path))).toEqual(new Set(['/one', '/two']))
  expect(seen.every(({ method, id, key, body }) => method === 'POST' && key === id && body === '{"a":1}')).toBe(true)
  // The fold knows them by their ids, and takes none for a request of the plan.
  expect(seen.every(({ id }) => requestIndex('r1s', id) >= 0 && requestIndex('r1', id) < 0)).toBe(true)
  expect(played.events.reduce((sum, { lastMs }) => sum + lastMs, 0)).toBeGreaterThan(450)
})

it('tells refusals by who made them', async () => {
  let turn = 0
  const played = await crowdAt((_request, response) => {
    turn++
    if (turn % 3 === 0) response.writeHead(503, { [marks.error]: 'bulkhead_full', [marks.outcome]: 'shed' }).end()
    else if (turn % 3 === 1) response.writeHead(503, { [marks.outcome]: 'upstream_error' }).end()
    else response.writeHead(503).end()
  })
  const unmarked = played.events.reduce((sum, event) => sum + event.unmarked, 0)
  expect([unmarked > 10, countOf(played, 'shed') > unmarked, countOf(played, 'upstream_error') > 10]).toEqual([true, true, true])
})

it('counts a connection that is closed without an answer as an error', async () => {
  const played = await crowdAt((request) => void request.socket.end())
  expect(countOf(played, 'connection_error')).toBeGreaterThan(20)
  expect(countOf(played, 'ok')).toBe(0)
})

it('counts a connection that is reset as an error', async () => {
  const played = await crowdAt((request) => void request.socket.resetAndDestroy())
  expect(countOf(played, 'connection_error')).toBeGreaterThan(20)
})

it('gives up what is not answered in time, and tells what still waits at the end', async () => {
  const played = await crowdAt(() => {}, { lastsMs: 1500, timeoutMs: 300 })
  expect(countOf(played, 'client_timeout')).toBeGreaterThanOrEqual(10)
  const hanging = await crowdAt(() => {})
  expect([waitingIn(hanging), countOf(hanging, 'client_timeout')]).toEqual([10, 0])
})

it('leaves at once when it is told to', async () => {
  const stop = new AbortController()
  realClock.after(200, () => stop.abort())
  const { tookMs } = await crowdAt((_request, response) => void response.end('ok'), { lastsMs: 20_000, signal: stop.signal })
  expect(tookMs).toBeLessThan(2000)
})
