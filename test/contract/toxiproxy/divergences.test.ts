// V1–V9: where the embedded server deliberately differs from the original, because the original crashes, hangs or forgets.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { freePort, listen, type Listening } from '../../../src/kernel/server.ts'
import { loopback } from '../../../src/toxiproxy/backends/address-translation.ts'
import { serveToxiproxy } from '../../../src/toxiproxy/serve.ts'
import { echo, isHit, refused } from './peer.ts'
import { pattern, Rig, sleep, timed } from './rig.ts'

let server: Listening
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
