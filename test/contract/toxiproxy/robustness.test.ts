// That nothing breaks the embedded server, and that it leaves nothing behind.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { realClock } from '../../../src/kernel/clock.ts'
import { seededRandom } from '../../../src/kernel/random.ts'
import { loopback } from '../../../src/toxiproxy/backends/address-translation.ts'
import type { Listening } from '../../../src/kernel/server.ts'
import { serveToxiproxy } from '../../../src/toxiproxy/serve.ts'
import { fuzzedRequest } from './api/fuzz.ts'
import { echo } from './peer.ts'
import { pattern, type Reply, Rig, sleep } from './rig.ts'

let server: Listening
const open = (): Rig => new Rig({ url: server.url, addresses: loopback })

beforeAll(async () => {
  server = await serveToxiproxy({ port: 0, seed: 7, metrics: true })
})
afterAll(() => server.close())

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

  it('delivers intact to a reader that stalls now and then', async () => {
    await using rig = open()
    const { client, server: peer } = await rig.connected()
    const bytes = pattern(30_000_000)
    peer.write(bytes)
    for (let stall = 0; stall < 10; stall++) {
      client.socket.pause()
      await sleep(10)
      client.socket.resume()
      await sleep(5)
    }
    await client.got(bytes.length, 20_000)
    expect(client.received.equals(bytes)).toBe(true)
  })

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

/** Empty, the router's own words, or JSON, which for an error repeats the status. */
function isProper({ status, text, json }: Reply): boolean {
  if (text === '' || text === '404 page not found\n') return true
  return json !== undefined && (status < 400 || json.status === status)
}
