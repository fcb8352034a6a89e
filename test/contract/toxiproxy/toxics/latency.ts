// L1–L10: latency.
import { describe, expect, it } from 'vitest'
import { realClock } from '../../../../src/kernel/clock.ts'
import { echo } from '../peer.ts'
import { pattern, sleep } from '../rig.ts'
import type { OpenRig } from '../suite.ts'

export function latencyCases(open: OpenRig): void {
  describe('latency', () => {
    const latency = (stream: string, ms: number, jitter = 0, name = `latency-${stream}`) => ({
      name,
      type: 'latency',
      stream,
      attributes: { latency: ms, jitter },
    })

    it.each([
      [100, 0],
      [0, 100],
      [100, 100],
      [1000, 100],
      [100, 1000],
    ])('L1 delays by %d ms up and %d ms down', async (up, down) => {
      await using rig = open()
      const { client, server } = await rig.connected([latency('upstream', up), latency('downstream', down)])
      const asked = client.write('question')
      expect((await server.got(8)) - asked).toBeAbout(up)
      const answered = server.write('answer')
      const arrived = await client.got(6)
      expect(arrived - answered).toBeAbout(down)
      expect(arrived - asked).toBeAbout(up + down)
    })

    it('L2 of 0 ms delays nothing', async () => {
      await using rig = open()
      const { client, server } = await rig.connected([latency('upstream', 0)])
      const began = client.write('hello')
      expect((await server.got(5)) - began).toBeAbout(0)
    })

    it('L3 adds up with another', async () => {
      await using rig = open()
      const { client, server } = await rig.connected([latency('upstream', 500, 0, 'one'), latency('upstream', 500, 0, 'two')])
      const began = client.write('hello')
      expect((await server.got(5)) - began).toBeAbout(1000)
    })

    it('L4 limits no throughput', async () => {
      await using rig = open()
      const bytes = pattern(20_000_000)
      const transfer = async (...toxics: ReturnType<typeof latency>[]): Promise<number> => {
        const { client, server } = await rig.connected(toxics)
        const began = client.write(bytes)
        const ended = await server.got(bytes.length, 20_000)
        return ended - began
      }
      const plain = await transfer()
      const delayed = await transfer(latency('upstream', 100))
      // 100 MB/s, or not much slower than this machine is at present without the toxic.
      expect(delayed).toBeAbout(100, Math.max(bytes.length / 100_000, plain / 0.6))
    })

    it('L5 keeps the spacing of chunks', async () => {
      await using rig = open()
      const { client, server } = await rig.connected([latency('upstream', 100)])
      const sent: number[] = []
      for (let chunk = 0; chunk < 10; chunk++) {
        sent.push(client.write('x'))
        await sleep(10)
      }
      for (const [index, at] of sent.entries()) expect((await server.got(index + 1)) - at).toBeAbout(100)
    })

    it('L6 jitters evenly around the delay, cut off at none', async () => {
      await using rig = open()
      const roundTrips = async (ms: number, jitter: number, count: number): Promise<number[]> => {
        const upstream = await rig.upstream(echo)
        const proxy = await rig.proxy(upstream, latency('downstream', ms, jitter))
        return Promise.all(
          Array.from({ length: count }, async () => {
            const client = await rig.dial(proxy)
            const began = client.write('x')
            return (await client.got(1)) - began
          }),
        )
      }
      const around = await roundTrips(100, 100, 60)
      expect(Math.min(...around)).toBeGreaterThanOrEqual(0)
      expect(Math.max(...around)).toBeAbout(0, 400)
      expect(Math.max(...around) - Math.min(...around)).toBeGreaterThan(100)
      const cut = await roundTrips(10, 400, 40)
      expect(cut.toSorted((a, b) => a - b)[8]).toBeAbout(0, 100)
      expect(cut.filter((took) => took > 150).length).toBeGreaterThan(4)
    })

    it('L7 delays no end of an idle connection, and no end by itself', async () => {
      await using rig = open()
      const toxic = latency('upstream', 300)
      const idle = await rig.connected([toxic])
      const idleEnd = idle.client.finish()
      await idle.server.over()
      expect(idle.server.endedAt - idleEnd).toBeAbout(0, 150)
      const busy = await rig.connected([toxic])
      const began = busy.client.write('x')
      busy.client.finish()
      await busy.server.over()
      expect(busy.server.endedAt - began).toBeAbout(300)
      expect(busy.server.bytes).toBe(1)
    })

    it('L8 hands on at once what it holds when removed', async () => {
      await using rig = open()
      const { client, server, proxy } = await rig.connected([latency('upstream', 2000, 0, 'slow')])
      for (const part of ['one ', 'two ', 'three ']) {
        client.write(part)
        await sleep(60)
      }
      const began = realClock.now()
      await rig.must('DELETE', `${proxy.path}/toxics/slow`)
      expect((await server.got(14)) - began).toBeAbout(0)
      expect(server.text).toBe('one two three ')
      const later = client.write('later')
      expect((await server.got(19)) - later).toBeAbout(0)
    })

    it('L9 releases the chunk in hand at an update, and times the others anew from when they came', async () => {
      await using rig = open()
      const { client, server, proxy } = await rig.connected([latency('upstream', 2000, 0, 'slow')])
      client.write('first')
      await sleep(50)
      const second = client.write('second')
      await sleep(150)
      const began = realClock.now()
      await rig.must('POST', `${proxy.path}/toxics/slow`, { attributes: { latency: 500 } })
      expect((await server.got(5)) - began).toBeAbout(0)
      expect((await server.got(11)) - second).toBeAbout(500)
    })

    it('L10 delivers what a client sent before it closed, while answers flow', async () => {
      await using rig = open()
      const { client, server } = await rig.connected([latency('upstream', 300)])
      const began = client.write('request')
      client.finish()
      server.write('meanwhile')
      expect((await client.got(9)) - began).toBeAbout(0, 200)
      await server.over()
      expect(server.text).toBe('request')
      expect(server.endedAt - began).toBeAbout(300)
    })
  })
}
