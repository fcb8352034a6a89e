import { setupServer } from 'msw/node'
import { expect, it } from 'vitest'
import { joined } from '../../src/contract/piece.ts'
import { realClock } from '../../src/kernel/clock.ts'
import { virtualClock } from '../../src/kernel/virtual-clock.ts'
import { responder } from '../../src/upstreams/answering/responder.ts'
import type { ActiveFault } from '../../src/faults/active-fault.ts'
import type { Upstream } from '../../src/upstreams/define.ts'
import { mswHandlers } from '../../src/upstreams/msw.ts'
import { demo } from './demo.ts'

const baseUrl = 'http://demo.test/api'

it.each([200, 204, 205, 304, 404])('answers %s as the server does, with a body or without', async (status) => {
  const reply = { status, body: { a: 1 } }
  const upstream = { ...demo, open: () => () => reply } as Upstream
  const server = setupServer(...mswHandlers(upstream, { baseUrl, seed: 5 }))
  server.listen()
  using _ = { [Symbol.dispose]: () => server.close() }
  const get = await fetch(`${baseUrl}/greet/ada`)
  expect([get.status, await get.text()]).toEqual([status, [204, 205, 304].includes(status) ? '' : '{"a":1}'])
  const head = await fetch(`${baseUrl}/greet/ada`, { method: 'HEAD' })
  expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([status, get.headers.get('content-length'), ''])
})

it('answers 500 for a route that throws', async () => {
  const fail = (): never => {
    throw new Error('mine')
  }
  const server = setupServer(...mswHandlers({ ...demo, open: () => fail }, { baseUrl, seed: 5 }))
  server.listen()
  using _ = { [Symbol.dispose]: () => server.close() }
  const response = await fetch(`${baseUrl}/greet/ada`)
  expect([response.status, await response.json()]).toEqual([500, { broken: 500 }])
})

function intercepting(faults: ActiveFault[] = [], clock = realClock) {
  const server = setupServer(...mswHandlers(demo, { baseUrl, seed: 5, faults, clock }))
  server.listen()
  return { [Symbol.dispose]: () => server.close() }
}

const always = (fault: ActiveFault['fault']): ActiveFault[] => [{ id: 'F1', fault, hits: {} }]

it('stalls in the middle of a stream until the client gives up', async () => {
  using _ = intercepting(always({ is: 'stalled_stream', fraction: 0.5 }))
  const giveUp = new AbortController()
  const response = await fetch(`${baseUrl}/ticks`, { signal: giveUp.signal })
  const reader = response.body!.getReader()
  expect(Buffer.from((await reader.read()).value!).toString()).toBe('data: {"n":1}\n\n')
  const next = reader.read()
  giveUp.abort()
  await expect(next).rejects.toThrow(/abort/i)
})

it('answers a fetch without a socket', async () => {
  using _ = intercepting()
  const response = await fetch(`${baseUrl}/greet/ada?loud`)
  expect([response.status, await response.json()]).toEqual([200, { hello: 'ada', loud: true }])
})

it('decides like the server for the same seed and order of requests', async () => {
  const half: ActiveFault[] = [{ id: 'F1', fault: { is: 'status', status: 503 }, hits: { share: 0.5 } }]
  using _ = intercepting(half)
  const { faults, respond } = responder(demo, 5)
  for (const fault of half) faults.set(fault)
  const statuses = new Set<number>()
  for (let ordinal = 0; ordinal < 20; ordinal++) {
    const { answer } = respond({ method: 'GET', target: '/dice', headers: {}, body: Buffer.alloc(0) }, 0)
    if (answer.is !== 'sent') throw new Error('expected an answer')
    const response = await fetch(`${baseUrl}/dice`)
    expect([response.status, await response.text()]).toEqual([answer.status, joined(answer.pieces).toString()])
    statuses.add(response.status)
  }
  expect(statuses).toEqual(new Set([200, 503]))
})

it('fails like a broken connection before the headers', async () => {
  using _ = intercepting(always({ is: 'disconnect', when: 'before_headers' }))
  await expect(fetch(`${baseUrl}/greet/ada`)).rejects.toThrow(TypeError)
})

it('fails inside the body like a broken connection after the headers', async () => {
  using _ = intercepting(always({ is: 'truncated', fraction: 0.5 }))
  const response = await fetch(`${baseUrl}/greet/ada`)
  expect(response.status).toBe(200)
  await expect(response.text()).rejects.toThrow(TypeError)
})

it('hangs until the client gives up', async () => {
  using _ = intercepting(always({ is: 'hang' }))
  const giveUp = new AbortController()
  const hanging = fetch(`${baseUrl}/greet/ada`, { signal: giveUp.signal })
  giveUp.abort(new Error('enough'))
  await expect(hanging).rejects.toThrow('enough')
})

it('lets latency pass on the clock it was given', async () => {
  const clock = virtualClock()
  using _ = intercepting(always({ is: 'latency', latency: { is: 'fixed', ms: 60_000 } }), clock)
  const answered = fetch(`${baseUrl}/greet/ada`)
  while (clock.pending === 0) await clock.advanceAsync(0)
  await clock.advanceAsync(60_000)
  expect((await answered).status).toBe(200)
})

it('sends the events of a stream', async () => {
  using _ = intercepting()
  expect(await (await fetch(`${baseUrl}/ticks`)).text()).toBe('data: {"n":1}\n\ndata: {"n":2}\n\n')
})
