// What the embedded server does beyond the original, or better than it: the divergences V1–V9, the extensions, its seed, and
// that nothing breaks or leaks it.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { realClock } from '../../../src/kernel/clock.ts'
import { seededRandom } from '../../../src/kernel/random.ts'
import { freePort, listen } from '../../../src/kernel/server.ts'
import { loopback } from '../../../src/toxiproxy/addresses.ts'
import { type RunningToxiproxy, serveToxiproxy } from '../../../src/toxiproxy/serve.ts'
import { fuzzedRequest } from './fuzz.ts'
import { echo, type Peer, refused } from './peer.ts'
import { pattern, type Reply, Rig, sleep, timed } from './rig.ts'

let server: RunningToxiproxy
const open = (): Rig => new Rig({ url: server.url, addresses: loopback })

beforeAll(async () => {
  server = await serveToxiproxy({ port: 0, seed: 7, metrics: true })
})
afterAll(() => server.close())

describe('where the original fails', () => {
  it('V1 answers at once while a receiver stalls', async () => {
    await using rig = open()
    const { client, server: peer, proxy } = await rig.connected([{ name: 'slow', type: 'latency', stream: 'upstream' }])
    peer.socket.pause()
    const bytes = pattern(20_000_000)
    client.write(bytes)
    await sleep(100)
    for (const [method, path, body] of [
      ['POST', `${proxy.path}/toxics`, { name: 'more', type: 'noop', stream: 'upstream' }],
      ['POST', `${proxy.path}/toxics/slow`, { attributes: { latency: 1 } }],
      ['GET', '/proxies', undefined],
      ['DELETE', `${proxy.path}/toxics/slow`, undefined],
    ] as const)
      expect((await rig.call(method, path, body)).status).toBeLessThan(300)
    peer.socket.resume()
    await peer.got(bytes.length)
    expect(peer.received.equals(bytes)).toBe(true)
  })

  it('V2 dials in parallel, and ends dials that hang when disabled', async () => {
    await using rig = open()
    await using deaf = await deafUpstream()
    const proxy = await rig.proxy(deaf)
    const clients = await Promise.all(Array.from({ length: 6 }, () => rig.dial(proxy)))
    const accepted = async (): Promise<number> => {
      const connections = (await rig.must('GET', '/gatecrash/connections')).json as { proxy: string }[]
      return connections.filter((connection) => connection.proxy === proxy.name).length
    }
    await expect.poll(accepted, { timeout: 2000 }).toBe(6)
    await rig.must('POST', proxy.path, { enabled: false })
    const endings = await Promise.all(clients.map((client) => client.over(1000)))
    expect(endings).toHaveLength(6)
    expect(await refused(proxy.port)).toBe(true)
  })

  it.each([
    { type: 'bandwidth', attributes: { rate: -5 } },
    { type: 'slicer', attributes: { average_size: 0 } },
    { type: 'slicer', attributes: { average_size: -3, size_variation: 1 } },
    { type: 'slicer', attributes: { average_size: 2, size_variation: 500 } },
    { type: 'latency', attributes: { latency: 0, jitter: -1 } },
    { type: 'latency', attributes: { latency: -(2 ** 40) } },
  ])('V3 lives on under $type with $attributes', async (toxic) => {
    await using rig = open()
    const { client, server: peer } = await rig.connected([{ ...toxic, stream: 'upstream' }])
    const bytes = pattern(10_000)
    client.write(bytes)
    await peer.got(bytes.length)
    expect(peer.received.equals(bytes)).toBe(true)
  })

  it('V4 lets reset_peer wait alone: the API answers, and the reset comes in time', timed, async () => {
    await using rig = open()
    const { client, proxy } = await rig.connected([{ name: 'reset', type: 'reset_peer', stream: 'upstream', attributes: { timeout: 300 } }])
    const began = client.write('x')
    await sleep(50)
    await rig.must('DELETE', `${proxy.path}/toxics/reset`)
    expect(client.ending).toBeUndefined()
    expect(await client.over()).toBe('reset')
    expect(client.endedAt - began).toBeAbout(300)
  })

  it('V5 takes 0.0.0.0 for every interface, as it is reported', async () => {
    await using rig = open()
    const upstream = await rig.upstream()
    const port = await freePort()
    const name = rig.name()
    await rig.must('POST', '/proxies', { name, listen: `0.0.0.0:${port}`, upstream: rig.at(upstream) })
    const { client, server: peer } = await rig.pair({ port }, upstream)
    const same = await rig.must('POST', `/proxies/${name}`, { listen: `0.0.0.0:${port}` })
    expect(same.json.listen).toBe(`[::]:${port}`)
    client.write('alive')
    await peer.got(5)
  })

  it('V6 leaves a toxic as it was when an update is refused', async () => {
    await using rig = open()
    const { proxy } = await rig.connected([{ name: 'slow', type: 'latency', attributes: { latency: 5 } }])
    const before = (await rig.must('GET', `${proxy.path}/toxics/slow`)).json
    expect((await rig.call('POST', `${proxy.path}/toxics/slow`, '{"toxicity":0.5,"attributes":{"latency":9,"jitter":"x"}}')).status).toBe(
      400,
    )
    expect((await rig.must('GET', `${proxy.path}/toxics/slow`)).json).toEqual(before)
  })

  it('V7 resets the others when one proxy cannot listen', async () => {
    await using rig = open()
    const upstream = await rig.upstream()
    const [blocked, other] = [await rig.proxy(upstream), await rig.proxy(upstream, { type: 'noop' })]
    await rig.must('POST', blocked.path, { enabled: false })
    await using _taken = await listen(createServer(), { port: blocked.port })
    const reply = await rig.call('POST', '/reset')
    expect(reply.status).toBe(500)
    expect((await rig.must('GET', `${other.path}/toxics`)).json).toEqual([])
  })

  it('V8 throws the same coins again from the same seed', async () => {
    const coins = async (seed: number): Promise<boolean[]> => {
      await using own = await serveToxiproxy({ port: 0, seed })
      await using rig = new Rig({ url: own.url, addresses: loopback })
      const upstream = await rig.upstream(echo)
      await rig.must('POST', '/proxies', { name: 'always', listen: '127.0.0.1:0', upstream: rig.at(upstream), enabled: false })
      await rig.must('POST', '/proxies/always/toxics', { type: 'limit_data', toxicity: 0.5, attributes: { bytes: 0 } })
      const port = rig.port((await rig.must('POST', '/proxies/always', { enabled: true })).json.listen)
      const hits: boolean[] = []
      for (let connection = 0; connection < 30; connection++) hits.push(await isHit(await rig.dial({ port })))
      return hits
    }
    const first = await coins(42)
    expect(new Set(first).size).toBe(2)
    expect(await coins(42)).toEqual(first)
    expect(await coins(43)).not.toEqual(first)
  })

  it('V9 counts while a connection is open', async () => {
    await using rig = open()
    const { client, server: peer, proxy } = await rig.connected()
    client.write('x'.repeat(300))
    await peer.got(300)
    const { text } = await rig.must('GET', '/metrics')
    const line = text.split('\n').find((one) => one.includes(`proxy="${proxy.name}"`) && one.includes('direction="upstream"'))
    expect(line).toMatch(/ 300$/)
  })
})

describe('extensions', () => {
  it('are found under one private path', async () => {
    await using rig = open()
    expect((await rig.must('GET', '/gatecrash')).json).toEqual({
      toxics: ['jitter', 'packet_loss', 'shared_bandwidth', 'limit_time', 'fail_first'],
      seed: 7,
    })
  })

  it('are unknown to the paths of the original', async () => {
    await using rig = open()
    const { proxy } = await rig.connected()
    const body = { type: 'packet_loss', attributes: { loss_rate: 1 } }
    expect((await rig.call('POST', `${proxy.path}/toxics`, body)).json.error).toBe('invalid toxic type')
    const made = await rig.must('POST', `/gatecrash${proxy.path}/toxics`, body)
    expect(made.json).toMatchObject({ name: 'packet_loss_downstream', attributes: { loss_rate: 1, correlation: 0 } })
    expect((await rig.must('GET', `${proxy.path}/toxics`)).json).toEqual([made.json])
  })

  it('fail the first connections only', async () => {
    await using rig = open()
    const proxy = await rig.proxy(await rig.upstream(echo))
    await rig.must('POST', `/gatecrash${proxy.path}/toxics`, { type: 'fail_first', attributes: { connections: 2 } })
    const hits: boolean[] = []
    for (let connection = 0; connection < 4; connection++) hits.push(await isHit(await rig.dial(proxy)))
    expect(hits).toEqual([true, true, false, false])
  })

  it('list live connections with their bytes', async () => {
    await using rig = open()
    const { client, proxy } = await rig.connected([], echo)
    client.write('four')
    await client.got(4)
    const connections = (await rig.must('GET', '/gatecrash/connections')).json as { proxy: string }[]
    expect(connections.filter((connection) => connection.proxy === proxy.name)).toMatchObject([
      { connection: 0, listener: proxy.listen, bytes: { upstream: { received: 4, sent: 4 }, downstream: { received: 4, sent: 4 } } },
    ])
  })

  it('stream what happens', async () => {
    await using rig = open()
    const stop = new AbortController()
    const response = await fetch(`${rig.url}/gatecrash/events`, { signal: stop.signal })
    const { client, server: peer, proxy } = await rig.connected([], echo)
    client.write('four')
    await client.got(4)
    await rig.must('POST', `${proxy.path}/toxics`, { name: 'slow', type: 'latency' })
    client.finish()
    await peer.over()
    let text = ''
    for await (const piece of response.body!.pipeThrough(new TextDecoderStream())) {
      text += piece
      if (text.includes('"closed"')) break
    }
    stop.abort()
    const events = text
      .split('\n')
      .filter((line) => line.startsWith('data: '))
      .map((line) => JSON.parse(line.slice(6)) as { event: string })
    expect(events.map(({ event }) => event)).toEqual(['opened', 'toxic_added', 'closed'])
    expect(events[2]).toMatchObject({ proxy: proxy.name, connection: 0, bytes: { upstream: { received: 4, sent: 4 } } })
  })
})

describe('robustness', () => {
  it('answers 10,000 fuzzed requests in JSON or in the words of the original, and serves on', async () => {
    await using rig = open()
    const upstream = await rig.upstream(echo)
    const proxy = await rig.proxy(upstream)
    const random = seededRandom(1).stream('fuzz')
    const statuses = new Map<number, number>()
    const improper: object[] = []
    const batch = 50
    for (let sent = 0; sent < 10_000; sent += batch) {
      const requests = Array.from({ length: batch }, () => fuzzedRequest(random, proxy.name, rig.at(upstream)))
      await Promise.all(
        requests.map(async ({ method, path, body }) => {
          const reply = await rig.call(method, path, body)
          statuses.set(reply.status, (statuses.get(reply.status) ?? 0) + 1)
          if (!isProper(reply)) improper.push({ method, path, body, answer: reply.text })
        }),
      )
    }
    expect(improper).toEqual([])
    expect([...statuses.keys()].toSorted((a, b) => a - b)).toEqual(expect.arrayContaining([200, 201, 204, 400, 404, 409]))
    for (const name of Object.keys((await rig.must('GET', '/proxies')).json))
      if (name !== proxy.name) await rig.call('DELETE', `/proxies/${encodeURIComponent(name)}`)
    await rig.must('POST', '/reset')
    const client = await rig.dial(proxy)
    client.write('alive')
    await client.got(5)
  }, 120_000)

  it('keeps nothing of 10,000 connections', async () => {
    await using rig = open()
    const proxy = await rig.proxy(await rig.upstream(echo), { type: 'latency', attributes: { latency: 1 } })
    const round = async (): Promise<void> => {
      await Promise.all(
        Array.from({ length: 50 }, async () => {
          const client = await rig.dial(proxy)
          client.write('x')
          await client.got(1)
          client.finish()
          await client.over()
          client.socket.destroy()
          rig.forget(client)
        }),
      )
    }
    for (let rounds = 0; rounds < 200; rounds++) await round()
    const ofProxy = async (): Promise<number> => {
      const connections = (await rig.must('GET', '/gatecrash/connections')).json as { proxy: string }[]
      return connections.filter((connection) => connection.proxy === proxy.name).length
    }
    await expect.poll(ofProxy, { timeout: 2000 }).toBe(0)
  }, 120_000)

  it('lets its process end when closed, with connections and toxics at work', async () => {
    const serve = new URL('../../../src/toxiproxy/serve.ts', import.meta.url).href
    const code = `
      import { connect, createServer } from 'node:net'
      import { once } from 'node:events'
      const { serveToxiproxy } = await import(${JSON.stringify(serve)})
      const upstream = createServer((socket) => socket.pipe(socket)).listen(0, '127.0.0.1')
      await once(upstream, 'listening')
      const server = await serveToxiproxy({ port: 0 })
      const call = async (path, body) => (await fetch(server.url + path, { method: 'POST', body: JSON.stringify(body) })).json()
      const { listen } = await call('/proxies', { name: 'p', listen: '127.0.0.1:0', upstream: '127.0.0.1:' + upstream.address().port })
      await call('/proxies/p/toxics', { type: 'latency', attributes: { latency: 60000 } })
      const client = connect(listen.split(':')[1], '127.0.0.1').on('error', () => {})
      client.write('held')
      await once(client, 'connect')
      await server.close()
      upstream.close()
      client.destroy()`
    const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: 'inherit' })
    const insist = realClock.after(10_000, () => child.kill('SIGKILL'))
    const ended = await once(child, 'exit')
    insist()
    expect(ended).toEqual([0, null])
  })
})

/** A listener that accepts nothing, being stopped: with its backlog full, attempts to connect to it hang. */
async function deafUpstream(): Promise<{ port: number } & AsyncDisposable> {
  const code =
    "const s = require('node:net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => process.stdout.write(String(s.address().port)))"
  const child = spawn(process.execPath, ['-e', code], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [line] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string]
  child.kill('SIGSTOP')
  return {
    port: Number(line),
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await once(child, 'exit')
    },
  }
}

/** Empty, the router's own words, or JSON, which for an error repeats the status. */
function isProper({ status, text, json }: Reply): boolean {
  if (text === '' || text === '404 page not found\n') return true
  return json !== undefined && (status < 400 || json.status === status)
}

/** Whether a connection to an echo ends instead of answering. */
async function isHit(client: Peer): Promise<boolean> {
  client.write('x')
  const hit = await Promise.race([client.got(1).then(() => false), client.over().then(() => true)])
  client.socket.destroy()
  return hit
}
