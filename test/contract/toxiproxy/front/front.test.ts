// A front before every kind of Toxiproxy: it tells what the gateway attempts, and the gateway feels the same faults as without it.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { FrontEvent } from '../../../../src/contract/front-events.ts'
import { CANARY_PATH } from '../../../../src/contract/paths.ts'
import { realClock } from '../../../../src/kernel/clock.ts'
import type { ToxiproxyBackend } from '../../../../src/toxiproxy/backends/backend.ts'
import { startToxiproxy } from '../../../../src/toxiproxy/backends/start.ts'
import { loopback } from '../../../../src/toxiproxy/backends/address-translation.ts'
import type { Listening } from '../../../../src/kernel/server.ts'
import { serveToxiproxy } from '../../../../src/toxiproxy/serve.ts'
import type { NetworkFault, ToxicSpec } from '../../../../src/faults/network/networks.ts'
import { component } from '../../../components.ts'
import { isAlive } from '../alive.ts'
import { dial, echo, type Peer, refused, Upstream } from '../peer.ts'
import { pattern, Rig, sleep, timed } from '../rig.ts'

const program = component('toxiproxy-server')
const engine = component('docker')

let shared: Listening
beforeAll(async () => {
  shared = await serveToxiproxy({ port: 0 })
})
afterAll(() => shared.close())

describe.each([
  { choice: () => 'embedded', kind: 'embedded', skip: false },
  { choice: () => (program.available ? `binary=${program.path}` : ''), kind: 'binary', skip: !program.available },
  { choice: () => 'docker', kind: 'docker', skip: !engine.available },
  { choice: () => shared.url, kind: 'url', skip: false },
])('a front before the backend $kind', ({ choice, kind, skip }) => {
  let toxiproxy: ToxiproxyBackend
  let upstream: Upstream
  let port: number
  let lines: string

  beforeEach(async () => {
    if (skip) return
    lines = ''
    toxiproxy = await startToxiproxy(choice(), { seed: 1, runId: 'front', front: true, onLines: (more) => (lines += more) })
    upstream = await Upstream.start()
    ;({ port } = await toxiproxy.control.createProxy({ name: 'jira', upstream: `127.0.0.1:${upstream.port}` }))
  }, 120_000)
  afterEach(async () => {
    await upstream?.[Symbol.asyncDispose]()
    await toxiproxy?.stop()
  })

  const told = (): FrontEvent[] => {
    const events = lines.split('\n').filter(Boolean)
    return events.map((line) => JSON.parse(line) as FrontEvent).filter(({ type }) => type === 'connection' || type === 'attempt')
  }
  const connected = async (): Promise<{ client: Peer; server: Peer }> => ({ client: await dial(port), server: await upstream.next() })
  const soon = { timeout: 3000 }

  it.skipIf(skip)('tells connections and attempts, in order and with their times', async () => {
    const before = realClock.now()
    const { client, server } = await connected()
    const requests = [
      'POST /rest/issues?x=1 HTTP/1.1\r\nx-request-id: r-1\r\nidempotency-key: secret\r\ncontent-length: 24\r\n\r\nGET /hidden HTTP/1.1\r\n\r\n',
      `GET ${CANARY_PATH}?bytes=1 HTTP/1.1\r\n\r\n`,
      'GET /rest/issues/7 HTTP/1.1\r\n\r\n',
    ].join('')
    client.write(requests)
    await server.got(requests.length)
    expect(server.text).toBe(requests)
    client.finish()
    await server.over()
    server.socket.end()
    const whose = { upstream: 'jira', connection: 0 }
    await expect.poll(told, soon).toMatchObject([
      { type: 'connection', ...whose, edge: 'opened' },
      { type: 'attempt', ...whose, request: 'r-1', method: 'POST', path: '/rest/issues', key: '2bb80d537b1da3e3' },
      { type: 'attempt', ...whose, request: '', method: 'GET', path: '/rest/issues/7' },
      { type: 'connection', ...whose, edge: 'closed' },
    ])
    const times = told().map(({ t }) => t)
    expect(times).toEqual(times.toSorted((a, b) => a - b))
    // On the machine's clock, as far as two processes agree on it.
    expect(times[0]).toBeGreaterThan(before - 20)
    expect(times[3]).toBeLessThan(realClock.now() + 20)
    expect(told()[3]).not.toHaveProperty('opaque')
  })

  it.skipIf(skip)('tells a connection that hides its requests, and one of the canary alone', async () => {
    for (const bytes of ['\x16\x03\x01 no HTTP', `GET ${CANARY_PATH} HTTP/1.1\r\n\r\n`]) {
      const { client, server } = await connected()
      client.write(bytes)
      await server.got(bytes.length)
      client.socket.destroy()
      await server.over()
      server.socket.end()
    }
    const ends = (): FrontEvent[] => told().filter((event) => event.type === 'connection' && event.edge === 'closed')
    await expect.poll(ends, soon).toHaveLength(2)
    expect(ends()).toMatchObject([
      { connection: 0, opaque: true },
      { connection: 1, canary: true },
    ])
  })

  it.skipIf(skip)('tells attempts that a fault swallows', async () => {
    await toxiproxy.control.addFault('jira', 'F1', toxic({ type: 'timeout', attributes: { timeout: 0 } }, 'upstream'))
    const { client, server } = await connected()
    client.write('GET /lost HTTP/1.1\r\n\r\n')
    const attempts = (): FrontEvent[] => told().filter((event) => event.type === 'attempt')
    await expect.poll(attempts, soon).toMatchObject([{ path: '/lost' }])
    expect(server.bytes).toBe(0)
    client.socket.destroy()
  })

  it.skipIf(skip)('refuses connections while the proxy is down, and takes them on the same port when it is back', async () => {
    const { client, server } = await connected()
    client.write('x')
    await server.got(1)
    await toxiproxy.control.addFault('jira', 'F1', { is: 'down' })
    expect(await refused(port)).toBe(true)
    await client.over()
    await server.over()
    await toxiproxy.control.removeFault('jira', 'F1', { is: 'down' })
    const back = await connected()
    back.client.write('back')
    await back.server.got(4)
    back.client.socket.destroy()
  })

  it.skipIf(skip)('passes on resets, and those made by reset_peer', timed, async () => {
    const live = await connected()
    await toxiproxy.control.addFault('jira', 'F1', toxic({ type: 'reset_peer', attributes: { timeout: 50 } }, 'upstream'))
    expect(await live.client.over()).toMatch(/eof|reset/)
    for (let round = 0; round < 5; round++) {
      const { client, server } = await connected()
      server.write('an answer that arrives before the reset')
      await client.got(39)
      const began = client.write('x')
      expect([await client.over(), await server.over()]).toEqual(['reset', 'reset'])
      expect(client.endedAt - began).toBeAbout(50)
    }
    await toxiproxy.control.removeFault('jira', 'F1', toxic({ type: 'reset_peer', attributes: { timeout: 50 } }, 'upstream'))
    const { client, server } = await connected()
    client.write('well')
    await server.got(4)
    client.socket.destroy()
  })

  it.skipIf(skip)('lets a fault delay an end as long as without it', timed, async () => {
    await toxiproxy.control.addFault('jira', 'F1', toxic({ type: 'slow_close', attributes: { delay: 200 } }, 'downstream'))
    const { client, server } = await connected()
    server.write('!')
    await client.got(1)
    const began = client.finish()
    expect(await server.over()).toBe('eof')
    expect(server.endedAt - began).toBeAbout(0)
    expect(await client.over()).toBe('eof')
    expect(client.endedAt - began).toBeAbout(200)
  })

  it.skipIf(skip)('delivers intact to a reader that stalls, and makes the sender wait for it', async () => {
    const { client, server } = await connected()
    const bytes = pattern(60_000_000)
    client.socket.pause()
    server.write(bytes)
    await sleep(500)
    // Neither Toxiproxy nor the front keep what the reader does not take.
    expect(server.socket.writableLength).toBeGreaterThan(20_000_000)
    client.socket.resume()
    await client.got(bytes.length, 20_000)
    expect(client.received.equals(bytes)).toBe(true)
    client.socket.destroy()
  })

  it.skipIf(skip)('listens where it is told, and forgets a proxy that is removed', async () => {
    await toxiproxy.control.removeProxy('jira')
    expect(await refused(port)).toBe(true)
    const again = await toxiproxy.control.createProxy({
      name: 'jira',
      upstream: `127.0.0.1:${upstream.port}`,
      listen: `127.0.0.1:${port}`,
    })
    expect(again.port).toBe(port)
    expect(await toxiproxy.control.proxies()).toEqual(['jira'])
    expect(toxiproxy.kind).toBe(kind)
  })

  it.skipIf(skip)('leaves no process when it stops, and tells the end of every connection', async () => {
    for (let connection = 0; connection < 20; connection++) await connected()
    expect(toxiproxy.pids.filter(isAlive)).toEqual(toxiproxy.pids)
    await toxiproxy.stop()
    expect(toxiproxy.pids.filter(isAlive)).toEqual([])
    expect(told().filter((event) => event.type === 'connection' && event.edge === 'closed')).toHaveLength(20)
  })
})

describe('a relay', () => {
  const open = async (behaviour?: (peer: Peer) => void) => {
    const server = await serveToxiproxy({ port: 0, relay: true })
    const rig = new Rig({ url: server.url, addresses: loopback })
    const dispose = async (): Promise<void> => {
      await rig[Symbol.asyncDispose]()
      await server.close()
    }
    return { rig, ...(await rig.connected([], behaviour)), [Symbol.asyncDispose]: dispose }
  }

  it('passes on a half-close of the client', async () => {
    await using relay = await open()
    const { client, server } = relay
    client.write('question')
    client.finish()
    await server.over()
    server.write('a late answer')
    await client.got(13)
    expect(client.ending).toBeUndefined()
    server.finish()
    expect(await client.over()).toBe('eof')
  })

  it('passes on a full close of the server', async () => {
    await using relay = await open()
    const { client, server } = relay
    server.write('bye')
    server.socket.end()
    expect(await client.over()).toBe('eof')
    expect(client.text).toBe('bye')
    await expect.poll(() => connectionsOn(relay.rig), { timeout: 3000 }).toEqual([])
    expect(await server.over()).toBe('eof')
  })

  it.each(['client', 'server'] as const)('passes on a reset of the %s, behind what it had sent', async (which) => {
    await using relay = await open()
    const [from, to] = which === 'client' ? [relay.client, relay.server] : [relay.server, relay.client]
    const bytes = pattern(100_000)
    from.write(bytes)
    await to.got(bytes.length)
    from.socket.resetAndDestroy()
    expect(await to.over()).toBe('reset')
  })

  it('passes on a reset that follows a half-close', async () => {
    await using relay = await open()
    relay.client.finish()
    await relay.server.over()
    relay.server.socket.resetAndDestroy()
    expect(await relay.client.over()).toBe('reset')
  })

  it('resets a client that goes on sending to a server that is gone', async () => {
    await using relay = await open()
    relay.server.socket.destroy()
    expect(await relay.client.over()).toBe('eof')
    relay.client.write('x')
    await expect.poll(() => relay.client.socket.destroyed || !relay.client.socket.write('x'), { timeout: 3000 }).toBe(true)
  })

  it('keeps nothing of 1,000 connections, however they end', async () => {
    await using relay = await open(echo)
    for (let round = 0; round < 20; round++)
      await Promise.all(
        Array.from({ length: 50 }, async (_, at) => {
          const client = await relay.rig.dial(relay.proxy)
          client.write('x')
          await client.got(1)
          if (at % 2 === 0) client.finish()
          else client.socket.resetAndDestroy()
          if (at % 2 === 0) await client.over()
          relay.rig.forget(client)
        }),
      )
    relay.client.socket.destroy()
    await expect.poll(() => connectionsOn(relay.rig), { timeout: 3000 }).toEqual([])
  })
})

async function connectionsOn(rig: Rig): Promise<unknown[]> {
  return (await rig.must('GET', '/gatecrash/connections')).json
}

function toxic(spec: ToxicSpec, stream: 'upstream' | 'downstream'): NetworkFault {
  return { is: 'toxic', toxic: spec, stream, toxicity: 1 }
}
