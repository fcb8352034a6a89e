// G1–G11: toxics in general: coming, going and changing on live connections.
import { describe, expect, it } from 'vitest'
import { type Ms, realClock } from '../../../../src/kernel/clock.ts'
import { echo, type Peer } from '../peer.ts'
import { pattern, type Rig, sleep, type ToxicBody } from '../rig.ts'
import type { OpenRig } from '../suite.ts'

export function changingCases(open: OpenRig): void {
  describe('toxics on live connections', () => {
    const add = (rig: Rig, proxy: { path: string }, toxic: ToxicBody) => rig.must('POST', `${proxy.path}/toxics`, toxic)
    const update = (rig: Rig, proxy: { path: string }, name: string, body: object) => rig.must('POST', `${proxy.path}/toxics/${name}`, body)
    const remove = (rig: Rig, proxy: { path: string }, name: string) => rig.must('DELETE', `${proxy.path}/toxics/${name}`)

    it('G1 passes data under noops, and after a reset', async () => {
      await using rig = open()
      const { client, proxy } = await rig.connected([], echo)
      await say(client, 'one')
      await add(rig, proxy, { type: 'noop', stream: 'upstream' })
      await add(rig, proxy, { type: 'noop', stream: 'downstream' })
      await say(client, 'two')
      await rig.must('POST', '/reset')
      await say(client, 'three')
      expect(client.text).toBe('onetwothree')
    })

    it('G2 loses and reorders nothing while toxics come and go', async () => {
      await using rig = open()
      const { client, proxy } = await rig.connected([], echo)
      const talk = (async () => {
        for (let round = 0; round < 100; round++) await say(client, `message ${round};`)
        return 'done'
      })()
      const changes = async (): Promise<void> => {
        while ((await Promise.race([talk, sleep(0)])) !== 'done') {
          await add(rig, proxy, { type: 'noop', name: 'up', stream: 'upstream' })
          await add(rig, proxy, { type: 'noop', name: 'down' })
          await remove(rig, proxy, 'up')
          await remove(rig, proxy, 'down')
        }
      }
      await changes()
      expect(client.text).toBe(Array.from({ length: 100 }, (_, round) => `message ${round};`).join(''))
    })

    it('G3 delivers numbered records complete and in order while a latency comes and goes', async () => {
      await using rig = open()
      const { client, server, proxy } = await rig.connected()
      const records = 5000
      const sending = (async () => {
        for (let record = 0; record < records; record += 10) {
          for (let one = record; one < record + 10; one++) client.write(Buffer.from([one >> 8, one & 0xff]))
          if (record % 100 === 0) await sleep(2)
        }
      })()
      for (let round = 0; round < 10; round++) {
        await add(rig, proxy, { type: 'latency', name: 'slow', stream: 'upstream', attributes: { latency: 10 } })
        await sleep(5)
        await remove(rig, proxy, 'slow')
      }
      await sending
      client.finish()
      expect(await server.over()).toBe('eof')
      expect(server.bytes).toBe(2 * records)
      const { received } = server
      const numbers = Array.from({ length: records }, (_, record) => received.readUInt16BE(2 * record))
      expect(numbers.findIndex((number, record) => number !== record)).toBe(-1)
    })

    it('G4 acts once its toxicity is raised', async () => {
      await using rig = open()
      const { client, server, proxy } = await rig.connected([{ name: 'hole', type: 'timeout', toxicity: 0, stream: 'upstream' }])
      client.write('passes')
      await server.got(6)
      const began = realClock.now()
      await update(rig, proxy, 'hole', { toxicity: 1, attributes: { timeout: 100 } })
      await client.over()
      expect(client.endedAt - began).toBeAbout(100)
    })

    it('G5 hits about half of the connections at toxicity 0.5', async () => {
      await using rig = open()
      const proxy = await rig.proxy(await rig.upstream(echo), { type: 'limit_data', toxicity: 0.5, attributes: { bytes: 0 } })
      const hit = await Promise.all(
        Array.from({ length: 200 }, async () => {
          const client = await rig.dial(proxy)
          client.write('x')
          return Promise.race([client.got(1, 10_000).then(() => false), client.over(10_000).then(() => true)])
        }),
      )
      const count = hit.filter(Boolean).length
      expect(count).toBeGreaterThanOrEqual(70)
      expect(count).toBeLessThanOrEqual(130)
    })

    it('G6 leaves the other direction alone', async () => {
      await using rig = open()
      const { client, server } = await rig.connected([{ type: 'latency', stream: 'upstream', attributes: { latency: 400 } }])
      const [sent, answered] = [client.write('slow'), server.write('fast')]
      expect((await client.got(4)) - answered).toBeAbout(0, 300)
      expect((await server.got(4)) - sent).toBeGreaterThanOrEqual(398)
    })

    it('G7 survives disable and enable', async () => {
      await using rig = open()
      const upstream = await rig.upstream()
      const proxy = await rig.proxy(upstream, { type: 'latency', stream: 'upstream', attributes: { latency: 100 } })
      await rig.must('POST', proxy.path, { enabled: false })
      await rig.must('POST', proxy.path, { enabled: true })
      const { client, server } = await rig.pair(proxy, upstream)
      const began = client.write('slow')
      expect((await server.got(4)) - began).toBeAbout(100)
    })

    it('G8 stays responsive over 200 rounds of adding, using and removing', async () => {
      await using rig = open()
      const upstream = await rig.upstream()
      const proxy = await rig.proxy(upstream)
      for (let round = 0; round < 200; round++) {
        await add(rig, proxy, { type: 'latency', name: 'slow', attributes: { latency: 10 } })
        const client = await rig.dial(proxy)
        client.write('x')
        client.finish()
        await remove(rig, proxy, 'slow')
        client.socket.destroy()
      }
      expect((await rig.must('GET', proxy.path)).json.toxics).toEqual([])
    })

    it('G9 applies toxics in the order in which they were added', async () => {
      await using rig = open()
      const { client, server } = await rig.connected([
        { type: 'limit_data', stream: 'upstream', attributes: { bytes: 5 } },
        { type: 'latency', stream: 'upstream', attributes: { latency: 150 } },
      ])
      const began = client.write('hello world')
      await server.over()
      expect(server.text).toBe('hello')
      expect((await server.got(5)) - began).toBeAbout(150)
      expect(server.endedAt - began).toBeAbout(150)
    })

    it('G10 answers and delivers when a stall under flood is removed', async () => {
      await using rig = open()
      const { client, server, proxy } = await rig.connected([
        { name: 'stall', type: 'bandwidth', stream: 'upstream', attributes: { rate: 0 } },
      ])
      const bytes = pattern(3_000_000)
      client.write(bytes)
      await sleep(100)
      const began = realClock.now()
      await remove(rig, proxy, 'stall')
      expect(realClock.now() - began).toBeAbout(0, 6000)
      await server.got(bytes.length)
      expect(server.received.equals(bytes)).toBe(true)
    })

    it('G11 throws the coin at the beginning, at an update, and when the next toxic comes or goes, never else', async () => {
      await using rig = open()
      const upstream = await rig.upstream(echo)
      const slow = { name: 'slow', type: 'latency', toxicity: 0.5, attributes: { latency: SLOW } }
      const proxy = await rig.proxy(upstream, slow)
      const clients = await Promise.all(Array.from({ length: 100 }, () => rig.dial(proxy)))
      const pulse = await rig.dial(await rig.proxy(upstream))
      const slowOnes = (): Promise<boolean[]> => whileAwake(pulse, Promise.all(clients.map(isSlow)))
      const first = await slowOnes()
      const slowCount = first.filter(Boolean).length
      expect(slowCount).toBeGreaterThan(25)
      expect(slowCount).toBeLessThan(75)
      expect(await slowOnes()).toEqual(first)
      await add(rig, proxy, { name: 'other way', type: 'noop', stream: 'upstream' })
      expect(await slowOnes()).toEqual(first)
      await update(rig, proxy, 'slow', {})
      const second = await slowOnes()
      expect(second).not.toEqual(first)
      await add(rig, proxy, { name: 'next', type: 'noop' })
      const third = await slowOnes()
      expect(third).not.toEqual(second)
      await add(rig, proxy, { name: 'further', type: 'noop' })
      await remove(rig, proxy, 'further')
      expect(await slowOnes()).toEqual(third)
      await remove(rig, proxy, 'next')
      expect(await slowOnes()).not.toEqual(third)
    })
  })
}

/** Says something to an echo and hears it. */
async function say(client: Peer, message: string): Promise<void> {
  const before = client.text
  client.write(message)
  await client.got(before.length + message.length)
  expect(client.text).toBe(before + message)
}

const SLOW: Ms = 400

/** Whether an echo takes as long as the latency, which never lets it come sooner. */
async function isSlow(client: Peer): Promise<boolean> {
  const began = client.write('x')
  return (await client.got(client.bytes + 1)) - began > SLOW - 2
}

/** The answer, unless the machine stood still meanwhile for so long that what is fast may have looked slow. */
async function whileAwake<T>(pulse: Peer, work: Promise<T>): Promise<T> {
  const working = work.then(() => false)
  let longest: Ms = 0
  for (let at = realClock.now(), beating = true; beating;) {
    pulse.write('.')
    await pulse.got(pulse.bytes + 1)
    beating = await Promise.race([working, sleep(5).then(() => true)])
    const now = realClock.now()
    longest = Math.max(longest, now - at)
    at = now
  }
  if (longest > SLOW - 100) throw new Error(`too late: an echo without a toxic took ${longest.toFixed(0)} ms`)
  return work
}
