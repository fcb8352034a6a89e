// The load generator as the stage runs it: a process of its own, against real servers.
import { type IncomingMessage, type ServerResponse, createServer } from 'node:http'
import type { Socket } from 'node:net'
import { expect, it } from 'vitest'
import { bodyChecksum } from '../../../../../src/contract/body-checksum.ts'
import { type Ms, realClock } from '../../../../../src/kernel/clock.ts'
import { freePort, listen } from '../../../../../src/kernel/server.ts'
import { arrivals } from '../../../../../src/plan/arrivals.ts'
import type { PlannedLoad } from '../../../../../src/plan/plan.ts'
import type { LoadPlan } from '../../../../../src/stage/live/load/generator.ts'
import { percentile, playLoad } from './load-run.ts'

function planOf({ rate, span, ...load }: { rate: number; span: Ms } & Partial<Omit<PlannedLoad, 'rate'>>): LoadPlan {
  return {
    seed: 11,
    phases: [{ name: 'all', startMs: 0, endMs: span, warmUp: false, expected: 0 }],
    load: {
      arrivals: 'poisson',
      rate: [{ fromMs: 0, toMs: span, startPerSecond: rate, endPerSecond: rate }],
      mix: [
        {
          route: 'ask',
          reaches: [{ upstream: 'gemini' }],
          weight: 2,
          method: 'POST',
          paths: ['/gemini/ask'],
          headers: {},
          bodies: [{ a: 1 }, { b: 2 }],
        },
        { route: 'get', reaches: [{ upstream: 'jira' }], weight: 1, method: 'GET', paths: ['/jira/1', '/jira/2'], headers: {}, bodies: [] },
      ],
      timeoutMs: 10_000,
      ...load,
    },
  }
}

const serve = (answer: (request: IncomingMessage, response: ServerResponse) => void) =>
  listen(
    createServer((request, response) => {
      request.resume()
      answer(request, response)
    }),
  )

it('sends exactly what the plan says, once, and writes one event for each', async () => {
  const received: string[] = []
  await using server = await serve((request, response) => {
    let body = ''
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk))
    request.on('end', () => {
      received.push(`${request.headers['x-request-id'] as string} ${request.method} ${request.url} ${body}`)
      response.end('{}')
    })
  })
  const plan = planOf({ rate: 300, span: 1500 })
  const { requests, loads, origin } = await playLoad(plan, server.url)

  const planned = Array.from(arrivals(plan))
  expect(planned.length).toBeGreaterThan(300)
  const asSent = planned.map(({ index, route, path, body }) => {
    return `run-${index.toString(36)} ${route.method} ${path} ${body === undefined ? '' : JSON.stringify(body)}`
  })
  expect(received.toSorted()).toEqual(asSent.toSorted())
  const byIndex = requests.toSorted((a, b) => a.index - b.index)
  expect(byIndex.map(({ index, due }) => [index, due])).toEqual(
    planned.map(({ index, dueMs }) => [index, expect.closeTo(origin + dueMs, 3)]),
  )
  expect(new Set(requests.map(({ outcome }) => outcome))).toEqual(new Set(['ok']))
  const all = planned.length
  expect(loads.at(-1)).toMatchObject({ due: all, sent: all, ended: all, inFlight: 0 })
})

it('shows a stall of 2 s in p99: requests due during the stall are sent, and their wait is counted', async () => {
  const STALL: Ms = 2000
  let stallEnds: Ms | undefined
  await using server = await serve((_request, response) => {
    stallEnds ??= realClock.now() + STALL
    realClock.after(stallEnds - realClock.now(), () => response.end('{}'))
  })
  const plan = planOf({ rate: 100, span: 4000, arrivals: 'constant' })
  const { requests } = await playLoad(plan, server.url)

  expect(requests).toHaveLength(400)
  // Arrivals are 10 ms apart and all that are due in the stall end with it: their latencies are 2 s, 1.99 s, 1.98 s …
  const latencies = requests.map(({ t, due }) => t - due)
  expect(percentile(latencies, 0.99)).toBeGreaterThan(STALL - 100)
  expect(percentile(latencies, 0.75)).toBeGreaterThan(STALL / 2 - 100)
  const dueInStall = requests.filter(({ due }) => due < stallEnds!)
  expect(dueInStall.length).toBeGreaterThanOrEqual(198)
  for (const { t } of dueInStall) expect(t).toBeGreaterThanOrEqual(stallEnds!)
})

it('calls an answer cut short a connection error, whatever its status, and keeps sending', async () => {
  await using server = await serve((request, response) => {
    if (request.url?.startsWith('/jira')) response.end('{}')
    else {
      response.writeHead(200, { 'content-length': 100 }).write('only this')
      realClock.after(5, () => response.destroy())
    }
  })
  const { requests } = await playLoad(planOf({ rate: 100, span: 600 }), server.url)
  const broken = requests.filter(({ route }) => route === 'ask')
  expect(broken.length).toBeGreaterThan(10)
  for (const request of broken) expect(request).toMatchObject({ outcome: 'connection_error', status: 200, error: 'UND_ERR_SOCKET' })
  const whole = requests.filter(({ route }) => route === 'get')
  expect(whole.length).toBeGreaterThan(5)
  for (const request of whole) expect(request).toMatchObject({ outcome: 'ok', status: 200 })
})

it('books a gateway that is not there as connection errors, not as its own failure', async () => {
  const { requests, exit } = await playLoad(planOf({ rate: 100, span: 300 }), `http://127.0.0.1:${await freePort()}`)
  expect(requests.length).toBeGreaterThan(10)
  for (const request of requests) expect(request).toMatchObject({ outcome: 'connection_error', status: 0, error: 'ECONNREFUSED' })
  expect(exit).toMatchObject({ code: 0, unexpected: false })
})

it('gives up at the timeout, counted from due, and breaks the connection', async () => {
  let gone = 0
  await using server = await serve((_request, response) => void response.on('close', () => gone++))
  const { requests } = await playLoad(planOf({ rate: 50, span: 500, timeoutMs: 300 }), server.url)
  expect(requests.length).toBeGreaterThan(10)
  for (const { outcome, status, error, t, due } of requests) {
    expect({ outcome, status, error }).toEqual({ outcome: 'client_timeout', status: 0, error: 'client_timeout' })
    expect(t - due).toBeGreaterThanOrEqual(300)
  }
  await expect.poll(() => gone).toBe(requests.length)
})

it('keeps the status of an answer whose body never ended', async () => {
  await using server = await serve((_request, response) => void response.writeHead(200).write('a beginning'))
  const { requests } = await playLoad(planOf({ rate: 50, span: 300, timeoutMs: 300 }), server.url)
  expect(requests.length).toBeGreaterThan(5)
  for (const request of requests) expect(request).toMatchObject({ outcome: 'client_timeout', status: 200 })
})

it('ends soon when halted, and accounts for what was in flight', async () => {
  await using server = await serve(() => {})
  const began = realClock.now()
  const plan = planOf({ rate: 100, span: 60_000, timeoutMs: 60_000 })
  const { requests, loads } = await playLoad(plan, server.url, (tell) => tell({ do: 'halt' }))
  expect(realClock.now() - began).toBeLessThan(10_000)
  const { due, sent, ended, inFlight } = loads.at(-1)!
  expect({ due, ended, inFlight }).toEqual({ due: sent, ended: sent, inFlight: 0 })
  expect(requests).toHaveLength(sent)
  expect(requests.length).toBeGreaterThan(50)
  for (const request of requests) expect(request).toMatchObject({ outcome: 'client_timeout', error: 'halted' })
})

it('ends with an error instead of an outcome when a request cannot be sent at all', async () => {
  await using server = await serve((_request, response) => response.end())
  const plan = planOf({ rate: 100, span: 500 })
  plan.load.mix[0]!.headers = { 'x-bad': 'line\nbreak' }
  const { exit, requests } = await playLoad(plan, server.url)
  expect(exit).toMatchObject({ code: 70, unexpected: true })
  expect(exit.stderr).toContain('invalid x-bad header')
  expect(requests.filter(({ outcome }) => outcome !== 'ok')).toEqual([])
})

it('measures each answer: its first byte, its gaps, its length, its checksum, and whether it is what it says', async () => {
  const good = '{"answer":42}'
  await using server = await serve((request, response) => {
    response.writeHead(200, { 'content-type': 'application/json' })
    response.write(good.slice(0, 5))
    realClock.after(60, () => response.end(request.method === 'GET' ? good.slice(5) : ''))
  })
  const { requests } = await playLoad(planOf({ rate: 100, span: 400 }), server.url)
  expect(new Set(requests.map(({ outcome }) => outcome))).toEqual(new Set(['ok', 'damaged']))
  for (const { method, outcome, error, length, checksum, parses, firstByteMs, gapMs, t, sent } of requests) {
    const body = method === 'GET' ? good : good.slice(0, 5)
    expect({ outcome, error, length, checksum, parses }).toEqual({
      outcome: method === 'GET' ? 'ok' : 'damaged',
      error: method === 'GET' ? undefined : 'not_json',
      length: body.length,
      checksum: bodyChecksum(body),
      parses: method === 'GET' ? undefined : false,
    })
    expect(gapMs).toBeGreaterThan(40)
    expect(firstByteMs! + gapMs!).toBeLessThanOrEqual(t - sent + 0.01)
  }
})

it('follows a stream of events to its end, and an error told inside it', async () => {
  await using server = await serve((request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' })
    response.end(`data: {"text":"a"}\n\n${request.method === 'GET' ? 'event: error\ndata: overloaded\n\n' : 'data: {"te'}`)
  })
  const { requests } = await playLoad(planOf({ rate: 100, span: 300 }), server.url)
  expect(new Set(requests.map(({ method }) => method)).size).toBe(2)
  for (const request of requests)
    expect(request).toMatchObject(
      request.method === 'GET'
        ? { outcome: 'upstream_error', error: 'overloaded', events: 2, streamError: 'overloaded' }
        : { outcome: 'damaged', error: 'event_cut', events: 1, streamCut: true },
    )
})

it('sends the bodies of slow clients over their span, with the length that they have', async () => {
  const received: { length: string | undefined; body: string; tookMs: Ms }[] = []
  await using server = await serve((request, response) => {
    const began = realClock.now()
    let body = ''
    request.setEncoding('utf8').on('data', (chunk: string) => (body += chunk))
    request.on('end', () => {
      received.push({ length: request.headers['content-length'], body, tookMs: realClock.now() - began })
      response.end('{}')
    })
  })
  const plan = planOf({ rate: 20, span: 500 })
  const slow = [{ ...plan.load.mix[0]!, sendOverMs: 800 }]
  const { requests } = await playLoad({ ...plan, load: { ...plan.load, mix: slow } }, server.url)
  expect(requests.length).toBeGreaterThan(2)
  expect(received).toHaveLength(requests.length)
  for (const { length, body, tookMs } of received) {
    expect(['{"a":1}', '{"b":2}']).toContain(body)
    expect(length).toBe('7')
    expect(tookMs).toBeGreaterThan(600)
  }
})

it('sends the heads of slower clients over their span, each on a connection of its own, while others are served', async () => {
  const connections = new Set<Socket>()
  const tookMs: Ms[] = []
  const began = new WeakMap<Socket, Ms>()
  const slow = createServer((request, response) => {
    if (request.method === 'POST') {
      tookMs.push(realClock.now() - began.get(request.socket)!)
      connections.add(request.socket)
    }
    request.resume().on('end', () => response.end('{}'))
  })
  slow.on('connection', (socket: Socket) => began.set(socket, realClock.now()))
  await using server = await listen(slow)
  const plan = planOf({ rate: 40, span: 500 })
  const [post, get] = plan.load.mix
  const { requests } = await playLoad({ ...plan, load: { ...plan.load, mix: [{ ...post!, sendHeadOverMs: 800 }, get!] } }, server.url)
  expect(requests.map(({ outcome }) => outcome)).toEqual(requests.map(() => 'ok'))
  expect(tookMs.length).toBeGreaterThan(2)
  expect(connections.size).toBe(tookMs.length)
  for (const took of tookMs) expect(took).toBeGreaterThan(600)
  const others = requests.filter(({ route }) => route === 'get').map(({ t, sent }) => t - sent)
  expect(Math.max(...others)).toBeLessThan(500)
})

it('takes the answer that comes before a slow head has been sent', async () => {
  await using server = await listen(
    createServer({ headersTimeout: 300, connectionsCheckingInterval: 100 }, (_request, response) => response.end('{}')),
  )
  const plan = planOf({ rate: 20, span: 500 })
  const slow = [{ ...plan.load.mix[0]!, sendHeadOverMs: 60_000 }]
  const { requests, exit } = await playLoad({ ...plan, load: { ...plan.load, mix: slow } }, server.url)
  expect(requests.length).toBeGreaterThan(2)
  for (const { status, outcome } of requests) expect({ status, outcome }).toEqual({ status: 408, outcome: 'upstream_error' })
  expect(exit).toMatchObject({ code: 0 })
})

it('takes the answer that comes before a slow body has been sent, and goes on with others', async () => {
  const early = await listen(createServer((_request, response) => response.writeHead(408, { connection: 'close' }).end('{}')))
  await using server = early
  const plan = planOf({ rate: 20, span: 500 })
  const slow = [{ ...plan.load.mix[0]!, sendOverMs: 60_000 }]
  const { requests, exit } = await playLoad({ ...plan, load: { ...plan.load, mix: slow } }, server.url)
  expect(requests.length).toBeGreaterThan(2)
  for (const { status } of requests) expect(status).toBe(408)
  expect(exit).toMatchObject({ code: 0 })
})
