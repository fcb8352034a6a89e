import { bodyChecksum } from '../../../../src/contract/body-checksum.ts'
import { CANARY_PATH } from '../../../../src/contract/paths.ts'
import { describe, expect, it } from 'vitest'
import type { ArrivalEvent, DepartureEvent } from '../../../../src/evidence/events.ts'
import { realClock } from '../../../../src/kernel/clock.ts'
import type { RequestFault } from '../../../../src/faults/requests.ts'
import { defineUpstream } from '../../../../src/upstreams/define.ts'
import { serveUpstream, type UpstreamEvent } from '../../../../src/upstreams/serving/server.ts'
import { demo } from '../../../upstreams/demo.ts'
import { bodyOf, exchange, sendRaw } from './raw-client.ts'
import { until } from '../until.ts'

const greeting = '{"hello":"ada","loud":false}'

async function serving(fault?: RequestFault, seed = 1) {
  const events: UpstreamEvent[] = []
  const server = await serveUpstream(demo, { seed, write: (event) => events.push(event) })
  if (fault) server.faults.set({ id: 'F1', fault, hits: {} })
  return {
    ...server,
    events,
    arrivals: () => events.filter((event): event is ArrivalEvent => event.type === 'arrival'),
    departures: () => events.filter((event): event is DepartureEvent => event.type === 'departure'),
    /** The first departure, once it is there. */
    departed: () => until('a departure', () => events.find((event): event is DepartureEvent => event.type === 'departure')),
  }
}

describe('a healthy upstream', () => {
  it('answers, and keeps the connection for the next request', async () => {
    await using server = await serving()
    const request = 'GET /greet/ada HTTP/1.1\r\nhost: test\r\n\r\n'
    const socket = await sendRaw(server.port, request)
    let text = ''
    socket.on('data', (chunk) => (text += chunk.toString('latin1')))
    const answers = (count: number) => until(`answer ${count}`, () => (text.split(greeting).length > count ? true : undefined))
    await answers(1)
    socket.write(request)
    await answers(2)
    expect(server.sockets().open).toBe(1)
    socket.destroy()
  })

  it('writes an arrival and a departure for each request', async () => {
    await using server = await serving()
    await (await fetch(`${server.url}/visits`, { method: 'POST', body: '{"n":1}', headers: { 'x-request-id': 'r-1' } })).text()
    await server.departed()
    expect(server.events.filter(({ type }) => type !== 'sockets')).toEqual([
      {
        type: 'arrival',
        t: expect.any(Number),
        upstream: 'demo',
        ordinal: 0,
        request: 'r-1',
        attempt: 1,
        concurrent: 1,
        route: 'visit',
        method: 'POST',
        idempotent: false,
        bodyHash: bodyChecksum('{"n":1}'),
      },
      {
        type: 'departure',
        t: expect.any(Number),
        upstream: 'demo',
        ordinal: 0,
        status: 201,
        clientGone: false,
        whole: true,
        length: 12,
        checksum: bodyChecksum('{"visits":1}'),
      },
    ])
  })

  it('takes an idempotency key as leave to repeat', async () => {
    await using server = await serving()
    await fetch(`${server.url}/visits`, { method: 'POST', headers: { 'idempotency-key': 'k' } })
    await fetch(`${server.url}/greet/ada`)
    expect(server.arrivals().map(({ idempotent }) => idempotent)).toEqual([true, true])
  })

  it('tells equal idempotency keys from others by their hash, and keeps the keys to itself', async () => {
    await using server = await serving()
    for (const key of ['one', 'two', 'one']) await fetch(`${server.url}/visits`, { method: 'POST', headers: { 'idempotency-key': key } })
    const [one, two, again] = server.arrivals().map(({ key }) => key)
    expect(one).toMatch(/^[0-9a-f]{16}$/)
    expect([one === again, one === two]).toEqual([true, false])
  })

  it.each<[string, RequestFault, { whole: boolean; status: number; length: number }]>([
    ['a faulted status', { is: 'status', status: 503 }, { whole: true, status: 503, length: 14 }],
    ['a body that does not parse', { is: 'malformed' }, { whole: false, status: 200, length: 16 }],
    ['half of a body', { is: 'truncated', fraction: 0.5 }, { whole: false, status: 200, length: 14 }],
    ['no answer', { is: 'disconnect', when: 'before_headers' }, { whole: false, status: 0, length: 0 }],
  ])('says of %s whether it is whole, and how long it was', async (_what, fault, told) => {
    await using server = await serving(fault)
    await fetch(`${server.url}/greet/ada`).then(
      (response) => response.text().catch(() => {}),
      () => {},
    )
    expect(await server.departed()).toMatchObject(told)
  })

  it('measures the pieces of a stream as one body', async () => {
    await using server = await serving()
    const body = await (await fetch(`${server.url}/ticks`)).text()
    expect(await server.departed()).toMatchObject({ whole: true, length: body.length, checksum: bodyChecksum(body), events: 2 })
  })

  it('tells equal bodies from others by their hash', async () => {
    await using server = await serving()
    for (const body of ['one', 'two', 'one']) await fetch(`${server.url}/visits`, { method: 'POST', body })
    const [one, two, again] = server.arrivals().map(({ bodyHash }) => bodyHash)
    expect([one === again, one === two]).toEqual([true, false])
  })

  it('counts the requests that are there at one time', async () => {
    await using server = await serving({ is: 'hang' })
    const giveUp = new AbortController()
    const hanging = [1, 2, 3].map(() => fetch(`${server.url}/dice`, { signal: giveUp.signal }))
    await until('three arrivals', () => (server.arrivals().length === 3 ? true : undefined))
    expect(server.arrivals().map(({ concurrent }) => concurrent)).toEqual([1, 2, 3])
    giveUp.abort()
    await Promise.allSettled(hanging)
  })

  it('sends the pieces of a stream one by one', async () => {
    await using server = await serving()
    expect(await (await fetch(`${server.url}/ticks`)).text()).toBe('data: {"n":1}\n\ndata: {"n":2}\n\n')
  })

  it('says once a second how many connections are open', async () => {
    await using server = await serving()
    await fetch(`${server.url}/dice`)
    const counted = await until('a count of sockets', () => server.events.filter(({ type }) => type === 'sockets')[1])
    expect(counted).toEqual({ type: 'sockets', t: expect.any(Number), upstream: 'demo', open: 1 })
  })
})

describe('a fake with one worker', () => {
  const busy = defineUpstream(import.meta, {
    name: 'busy',
    latency: { is: 'fixed', ms: 200 },
    capacity: { workers: 1, queue: 1 },
    routes: { work: { method: 'GET', path: '/work', reply: () => ({ body: 'done' }) } },
  })

  it('works on one request, lets one wait, and refuses the third', async () => {
    await using server = await serveUpstream(busy, { seed: 1 })
    const began = realClock.now()
    const ask = async () => {
      const { status } = await fetch(`${server.url}/work`)
      return { status, tookMs: realClock.now() - began }
    }
    const answers = await Promise.all([ask(), ask(), ask()])
    const [refused, first, second] = answers.toSorted((a, b) => a.tookMs - b.tookMs)
    expect([refused!.status, first!.status, second!.status]).toEqual([503, 200, 200])
    expect(refused!.tookMs).toBeLessThan(150)
    expect(first!.tookMs).toBeGreaterThan(195)
    expect(second!.tookMs).toBeGreaterThan(395)
  })

  it('goes on working for a client that has left', async () => {
    await using server = await serveUpstream(busy, { seed: 1 })
    const began = realClock.now()
    await fetch(`${server.url}/work`, { signal: AbortSignal.timeout(30) }).catch(() => {})
    expect((await fetch(`${server.url}/work`)).status).toBe(200)
    expect(realClock.now() - began).toBeGreaterThan(395)
  })
})

describe('a fault, as its client sees it', () => {
  it('status: the failure shape of the service, with Retry-After', async () => {
    await using server = await serving({ is: 'status', status: 429, retryAfter: '3' })
    const response = await fetch(`${server.url}/greet/ada`)
    expect([response.status, response.headers.get('retry-after'), await response.json()]).toEqual([429, '3', { broken: 429 }])
    expect(await server.departed()).toMatchObject({ status: 429, retryAfterMs: 3000 })
    expect(server.arrivals()[0]?.faults).toEqual(['F1'])
  })

  it('latency: the answer comes later, and no sooner', async () => {
    await using server = await serving({ is: 'latency', latency: { is: 'fixed', ms: 80 } })
    const started = realClock.now()
    await (await fetch(`${server.url}/greet/ada`)).text()
    // A timer may fire up to a millisecond early against the clock it is compared with.
    expect(realClock.now() - started).toBeGreaterThanOrEqual(79)
  })

  it('hang: the request arrives and nothing comes back', async () => {
    await using server = await serving({ is: 'hang' })
    const response = fetch(`${server.url}/greet/ada`, { signal: AbortSignal.timeout(100) })
    await expect(response).rejects.toThrow(/timeout/)
    expect(await server.departed()).toMatchObject({ status: 0, clientGone: true })
  })

  it('disconnect before headers: a reset without a byte', async () => {
    await using server = await serving({ is: 'disconnect', when: 'before_headers' })
    expect(await exchange(server.port, '/greet/ada')).toEqual({ text: '', end: 'reset' })
    expect(await server.departed()).toMatchObject({ status: 0, clientGone: false })
  })

  it('disconnect in mid-body: the headers, a part of the body, a reset', async () => {
    await using server = await serving({ is: 'disconnect', when: 'mid_body', fraction: 0.25 })
    const seen = await exchange(server.port, '/greet/ada')
    expect(seen.text).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]*content-length: 28\r\n/)
    expect([bodyOf(seen), seen.end]).toEqual([greeting.slice(0, 7), 'reset'])
    expect(await server.departed()).toMatchObject({ status: 200, clientGone: false })
  })

  it('truncated: less than Content-Length promised, and an orderly end', async () => {
    await using server = await serving({ is: 'truncated', fraction: 0.5 })
    const seen = await exchange(server.port, '/greet/ada')
    expect(seen.text).toContain('content-length: 28\r\n')
    expect([bodyOf(seen), seen.end]).toEqual([greeting.slice(0, 14), 'fin'])
    await expect(fetch(`${server.url}/greet/ada`).then((response) => response.text())).rejects.toThrow(TypeError)
  })

  it('truncated to nothing: the headers and an orderly end', async () => {
    await using server = await serving({ is: 'truncated', fraction: 0 })
    const seen = await exchange(server.port, '/greet/ada')
    expect([seen.text.startsWith('HTTP/1.1 200 OK'), bodyOf(seen), seen.end]).toEqual([true, '', 'fin'])
  })

  it('a stream that stalls: its first event, and an open connection until the client leaves', async () => {
    await using server = await serving({ is: 'stalled_stream', fraction: 0.5 })
    const socket = await sendRaw(server.port, 'GET /ticks HTTP/1.1\r\nhost: test\r\n\r\n')
    let text = ''
    socket.on('data', (chunk) => (text += chunk.toString('latin1')))
    await until('the first event', () => (text.includes('{"n":1}') ? true : undefined))
    await realClock.sleep(50)
    expect([text.includes('{"n":2}'), text.endsWith('0\r\n\r\n'), server.departures()]).toEqual([false, false, []])
    socket.destroy()
    expect(await server.departed()).toMatchObject({ status: 200, clientGone: true, whole: false })
  })

  it('a stream that is cut in good order: complete for HTTP, without its last event', async () => {
    await using server = await serving({ is: 'cut_stream', fraction: 0.5 })
    expect(await (await fetch(`${server.url}/ticks`)).text()).toBe('data: {"n":1}\n\n')
    expect(await server.departed()).toMatchObject({ clientGone: false, whole: false })
  })

  it('a connection that is closed after two answers, which do not announce it', async () => {
    await using server = await serving({ is: 'closed_after', answers: 2 })
    const request = 'GET /greet/ada HTTP/1.1\r\nhost: test\r\n\r\n'
    const socket = await sendRaw(server.port, request)
    let text = ''
    let ended = false
    socket.on('data', (chunk) => (text += chunk.toString('latin1')))
    socket.once('end', () => (ended = true))
    const answers = (count: number) => until(`answer ${count}`, () => (text.split(greeting).length > count ? true : undefined))
    await answers(1)
    await realClock.sleep(20)
    expect(ended).toBe(false)
    socket.write(request)
    await answers(2)
    await until('the end of the connection', () => (ended ? true : undefined))
    expect(text.toLowerCase()).not.toContain('connection: close')
    await until('two departures', () => (server.departures().length === 2 ? true : undefined))
    expect(server.departures().map(({ whole, clientGone }) => [whole, clientGone])).toEqual([
      [true, false],
      [true, false],
    ])
  })

  it('a stream that tells an error: as its last event, told in the departure too', async () => {
    await using server = await serving({ is: 'stream_error', status: 529, fraction: 0.5 })
    expect(await (await fetch(`${server.url}/ticks`)).text()).toBe('data: {"n":1}\n\nevent: error\ndata: {"broken":529}\n\n')
    expect(await server.departed()).toMatchObject({ whole: false, events: 2, streamError: '{"broken":529}' })
  })

  it('a stream that is cut has no last chunk', async () => {
    await using server = await serving({ is: 'truncated', fraction: 0.6 })
    const seen = await exchange(server.port, '/ticks')
    expect(seen.text).toContain('Transfer-Encoding: chunked')
    expect([seen.text.endsWith('0\r\n\r\n'), seen.end]).toEqual([false, 'fin'])
    expect(await server.departed()).toMatchObject({ brokenOff: true, events: 1 })
  })

  it('malformed: complete for HTTP, broken for JSON', async () => {
    await using server = await serving({ is: 'malformed' })
    const response = await fetch(`${server.url}/greet/ada`)
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8'])
    await expect(response.json()).rejects.toThrow(SyntaxError)
  })

  it('drip: the whole body, piece by piece', async () => {
    await using server = await serving({ is: 'drip', pieces: 5, intervalMs: 20 })
    const started = realClock.now()
    const response = await fetch(`${server.url}/greet/ada`)
    const toHeaders = realClock.now() - started
    expect(await response.text()).toBe(greeting)
    expect(realClock.now() - started).toBeGreaterThanOrEqual(4 * 20 - 4)
    expect(toHeaders).toBeLessThan(realClock.now() - started)
  })

  it('several at once: late, and in the failure shape, and cut', async () => {
    await using server = await serving({ is: 'status', status: 500 })
    server.faults.set({ id: 'F2', fault: { is: 'latency', latency: { is: 'fixed', ms: 30 } }, hits: {} })
    server.faults.set({ id: 'F3', fault: { is: 'truncated', fraction: 0.5 }, hits: {} })
    const seen = await exchange(server.port, '/greet/ada')
    expect([seen.text.startsWith('HTTP/1.1 500'), bodyOf(seen), seen.end]).toEqual([true, '{"broke', 'fin'])
    expect(server.arrivals()[0]?.faults).toEqual(['F1', 'F2', 'F3'])
  })
})

describe('a client that goes away', () => {
  it.each([
    ['during a hang', { is: 'hang' }],
    ['before a late answer', { is: 'latency', latency: { is: 'fixed', ms: 60_000 } }],
  ] as const)('%s is recorded as gone', async (_when, fault) => {
    await using server = await serving(fault)
    const socket = await sendRaw(server.port, 'GET /greet/ada HTTP/1.1\r\nhost: test\r\n\r\n')
    await until('the arrival', () => server.arrivals()[0])
    socket.destroy()
    expect(await server.departed()).toMatchObject({ ordinal: 0, status: 0, clientGone: true })
  })

  it('in the middle of a body is recorded as gone, with the status it got', async () => {
    await using server = await serving({ is: 'drip', pieces: 28, intervalMs: 1000 })
    const socket = await sendRaw(server.port, 'GET /greet/ada HTTP/1.1\r\nhost: test\r\n\r\n')
    await new Promise((resolve) => socket.once('data', resolve))
    socket.destroy()
    expect(await server.departed()).toMatchObject({ status: 200, clientGone: true })
  })

  it('in the middle of its own request has arrived, and is recorded as gone', async () => {
    await using server = await serving()
    const socket = await sendRaw(server.port, 'POST /visits HTTP/1.1\r\nhost: test\r\ncontent-length: 100\r\n\r\n{"half":')
    await until('the connection', () => (server.sockets().open === 1 ? true : undefined))
    socket.destroy()
    expect(await server.departed()).toMatchObject({ ordinal: 0, clientGone: true })
    expect(server.arrivals()).toHaveLength(1)
  })

  it('leaves no connection and no request behind', async () => {
    await using server = await serving({ is: 'hang' })
    const sockets = await Promise.all(Array.from({ length: 20 }, () => sendRaw(server.port, 'GET /dice HTTP/1.1\r\nhost: test\r\n\r\n')))
    await until('twenty arrivals', () => (server.arrivals().length === 20 ? true : undefined))
    expect(server.sockets()).toEqual({ open: 20, inFlight: 20 })
    for (const socket of sockets) socket.destroy()
    await until('the last to go', () => (server.sockets().open === 0 && server.sockets().inFlight === 0 ? true : undefined))
    expect(server.departures()).toHaveLength(20)
  })
})

describe('a stop', () => {
  it('blames no client for requests that it ends, and writes their departure', async () => {
    const server = await serving({ is: 'hang' })
    await sendRaw(server.port, 'GET /dice HTTP/1.1\r\nhost: test\r\n\r\n').then((socket) => socket.once('error', () => {}))
    await until('the arrival', () => server.arrivals()[0])
    await server.close()
    expect(server.departures()).toMatchObject([{ ordinal: 0, status: 0, clientGone: false }])
  })
})

describe('a probe', () => {
  it('is answered whatever the faults, and leaves no trace in the log', async () => {
    await using server = await serving({ is: 'hang' })
    const response = await fetch(`${server.url}${CANARY_PATH}`)
    expect([response.status, await response.text()]).toEqual([200, 'ok'])
    expect(server.arrivals()).toEqual([])
  })

  it('is answered with as many bytes as asked for, after its own are read', async () => {
    await using server = await serving()
    const response = await fetch(`${server.url}${CANARY_PATH}?bytes=5000`, { method: 'POST', body: 'x'.repeat(5000) })
    expect((await response.text()).length).toBe(5000)
  })

  it('does not shift the ordinals of others', async () => {
    await using server = await serving()
    await fetch(`${server.url}${CANARY_PATH}`)
    await fetch(`${server.url}/dice`)
    expect(server.arrivals().map(({ ordinal }) => ordinal)).toEqual([0])
  })
})

describe('a seed', () => {
  const played = async (seed: number): Promise<unknown[]> => {
    await using server = await serving(undefined, seed)
    server.faults.set({ id: 'F1', fault: { is: 'status', status: 503 }, hits: { share: 0.4 } })
    server.faults.set({ id: 'F2', fault: { is: 'malformed' }, hits: { share: 0.3 } })
    const answers: unknown[] = []
    for (let ordinal = 0; ordinal < 60; ordinal++) {
      const response = await fetch(`${server.url}/dice`)
      answers.push([response.status, await response.text(), server.arrivals()[ordinal]?.faults])
    }
    return answers
  }

  it('decides every fault and every answer: two runs with one seed are the same', async () => {
    const once = await played(42)
    expect(await played(42)).toEqual(once)
    expect(await played(43)).not.toEqual(once)
  })
})
