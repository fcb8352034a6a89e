import { describe, expect, it } from 'vitest'
import { serveControlled } from '../../../../src/upstreams/serve-controlled.ts'
import { demo } from '../../../upstreams/demo.ts'

async function controlled() {
  const served = await serveControlled(demo, { seed: 1 })
  const call = async (method: string, path: string, body?: unknown) => {
    const init = { method, ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }) }
    const response = await fetch(`${served.control.url}${path}`, init)
    const text = await response.text()
    return {
      status: response.status,
      headers: response.headers,
      text,
      json: response.headers.get('content-type') === 'application/json' ? (JSON.parse(text) as unknown) : undefined,
    }
  }
  const ask = async (): Promise<number> => (await fetch(`${served.traffic.url}/greet/ada`)).status
  return { ...served, call, ask }
}

const unavailable = { fault: { is: 'status', status: 503 } }

describe('faults', () => {
  it('act from the answer to PUT until the answer to DELETE', async () => {
    await using demoServer = await controlled()
    const { call, ask } = demoServer
    expect(await ask()).toBe(200)
    expect(await call('PUT', '/faults/F1', unavailable)).toMatchObject({ status: 200, json: { id: 'F1', ...unavailable, hits: {} } })
    expect(await ask()).toBe(503)
    expect((await call('DELETE', '/faults/F1')).status).toBe(204)
    expect(await ask()).toBe(200)
  })

  it('are listed in the order in which they were set', async () => {
    await using demoServer = await controlled()
    const { call } = demoServer
    await call('PUT', '/faults/F1', unavailable)
    await call('PUT', '/faults/F2', { fault: { is: 'hang' }, hits: { share: 0.5 } })
    expect((await call('GET', '/faults')).json).toEqual({
      faults: [
        { id: 'F1', fault: { is: 'status', status: 503 }, hits: {} },
        { id: 'F2', fault: { is: 'hang' }, hits: { share: 0.5 } },
      ],
    })
  })

  it('all go at once', async () => {
    await using demoServer = await controlled()
    const { call, ask } = demoServer
    for (const id of ['F1', 'F2']) await call('PUT', `/faults/${id}`, unavailable)
    expect((await call('DELETE', '/faults')).status).toBe(204)
    expect([await ask(), (await call('GET', '/faults')).json]).toEqual([200, { faults: [] }])
  })

  it('are refused with every problem, and nothing is set', async () => {
    await using demoServer = await controlled()
    const { call, ask } = demoServer
    const refused = await call('PUT', '/faults/F1', { id: 'F9', fault: { is: 'drip', pieces: 0 }, hits: { share: 7, routes: ['greet'] } })
    expect(refused).toMatchObject({ status: 400, json: { error: { code: 'invalid_request', problems: expect.any(Array) } } })
    const { problems } = (refused.json as { error: { problems: { path: string; message: string }[] } }).error
    expect(problems.map(({ path }) => path).toSorted()).toEqual(['fault.intervalMs', 'fault.pieces', 'hits.share'])
    expect(await ask()).toBe(200)
  })

  it.each([
    ['an id that is not that of the path', { id: 'F9', ...unavailable }, 'id', 'must be "F1", as in the path, or left out; got "F9"'],
    [
      'a route that is not there',
      { ...unavailable, hits: { routes: ['great'] } },
      'hits.routes[0]',
      'demo has no route "great"; did you mean "greet"?',
    ],
    ['a body that is no JSON', '{"fault":', '(top level)', expect.stringContaining('got "{\\"fault\\":"')],
  ])('are refused for %s', async (_what, body, path, message) => {
    await using demoServer = await controlled()
    expect(await demoServer.call('PUT', '/faults/F1', body)).toMatchObject({
      status: 400,
      json: { error: { problems: [{ path, message }] } },
    })
  })

  it('that are not set cannot be cleared', async () => {
    await using demoServer = await controlled()
    await demoServer.call('PUT', '/faults/F1', unavailable)
    expect(await demoServer.call('DELETE', '/faults/F2')).toMatchObject({
      status: 404,
      json: { error: { message: 'no fault "F2" is set; set: F1' } },
    })
  })
})

describe('the log', () => {
  it('holds arrivals and departures, one a line, from the number asked for', async () => {
    await using demoServer = await controlled()
    const { call, ask } = demoServer
    await ask()
    const lines = async (since: number) => {
      const { text, headers } = await call('GET', `/log?since=${since}`)
      const events = text
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as { type: string; sequence: number })
      return { events, next: Number(headers.get('x-log-next')), lost: Number(headers.get('x-log-lost')) }
    }
    const first = await lines(0)
    expect(first.events.map(({ type, sequence }) => [sequence, type])).toEqual([
      [0, 'arrival'],
      [1, 'departure'],
    ])
    await ask()
    const second = await lines(first.next)
    expect([second.events[0]?.sequence, second.lost]).toEqual([2, 0])
  })

  it('refuses a number that is none', async () => {
    await using demoServer = await controlled()
    expect(await demoServer.call('GET', '/log?since=-1')).toMatchObject({ status: 400, json: { error: { problems: [{ path: 'since' }] } } })
  })
})

describe('the rest', () => {
  it('tells connections, requests and health', async () => {
    await using demoServer = await controlled()
    await demoServer.ask()
    expect((await demoServer.call('GET', '/sockets')).json).toEqual({ open: 1, inFlight: 0 })
    expect((await demoServer.call('GET', '/health')).json).toEqual({ status: 'ok', upstream: 'demo' })
  })

  it('names what there is where a path or a method is not', async () => {
    await using demoServer = await controlled()
    expect(await demoServer.call('GET', '/fault')).toMatchObject({
      status: 404,
      json: { error: { message: expect.stringContaining('/faults/{id}') } },
    })
    expect(await demoServer.call('POST', '/faults')).toMatchObject({
      status: 405,
      json: { error: { message: '/faults takes GET and DELETE, not POST' } },
    })
  })

  it('refuses a body that is too long', async () => {
    await using demoServer = await controlled()
    expect((await demoServer.call('PUT', '/faults/F1', 'x'.repeat(100_000))).status).toBe(413)
  })
})
