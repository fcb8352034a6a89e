// B1–B6: bandwidth.
import { describe, expect, it } from 'vitest'
import { realClock } from '../../../../src/kernel/clock.ts'
import { pattern, sleep } from '../rig.ts'
import type { OpenRig } from '../suite.ts'

export function bandwidthCases(open: OpenRig): void {
  describe('bandwidth', () => {
    const bandwidth = (rate: number) => ({ name: 'narrow', type: 'bandwidth', stream: 'upstream', attributes: { rate } })

    it('B1 takes 480 ms for 480 KB at 1000 KB/s', async () => {
      await using rig = open()
      const { client, server } = await rig.connected([bandwidth(1000)])
      const bytes = pattern(480_000)
      const took = -client.write(bytes) + (await server.got(bytes.length))
      expect(took).toBeGreaterThan(432)
      expect(took).toBeAbout(432, 96 + 60)
      expect(server.received.equals(bytes)).toBe(true)
    })

    it.each(['upstream', 'downstream'])('B2 passes a tenth of a second at a time %s, and the end behind the last byte', async (stream) => {
      await using rig = open()
      const { client, server } = await rig.connected([{ ...bandwidth(100), stream }])
      const [from, to] = stream === 'upstream' ? [client, server] : [server, client]
      const began = from.write(pattern(30_000))
      from.finish()
      await to.over()
      expect(to.bytes).toBe(30_000)
      let sum = 0
      for (const { at, data } of to.reads) expect(at - began).toBeGreaterThan((sum += data.length) / 100 - 15)
      // Pieces that came in time, but together, waited for the reader.
      if (to.reads.some(({ data }) => data.length > 10_000)) throw new Error('too late: pieces came together')
      expect(to.endedAt - began).toBeAbout(290, 70)
    })

    it('B3 counts a KB as 1000 bytes', async () => {
      await using rig = open()
      const { client, server } = await rig.connected([bandwidth(1)])
      const began = client.write(pattern(350))
      expect((await server.got(350)) - began).toBeAbout(350)
    })

    it('B4 hands on the rest at once when removed', async () => {
      await using rig = open()
      const { client, server, proxy } = await rig.connected([bandwidth(1)])
      const bytes = pattern(5000)
      client.write(bytes)
      await sleep(250)
      const began = realClock.now()
      await rig.must('DELETE', `${proxy.path}/toxics/narrow`)
      expect((await server.got(5000)) - began).toBeAbout(0)
      expect(server.received.equals(bytes)).toBe(true)
    })

    it('B5 stalls at rate 0, and resumes with every byte', async () => {
      await using rig = open()
      const { client, server, proxy } = await rig.connected([bandwidth(0)])
      const bytes = pattern(100_000)
      client.write(bytes)
      // Toxiproxy 2.12 looks at the rate every 100 ms, and panics when a change comes between its two looks: so the change comes between two of these.
      await sleep(350)
      expect([server.bytes, server.ending, client.ending]).toEqual([0, undefined, undefined])
      await rig.must('POST', `${proxy.path}/toxics/narrow`, { attributes: { rate: 1000 } })
      await server.got(bytes.length)
      expect(server.received.equals(bytes)).toBe(true)
    })

    it('B6 limits each connection by itself', async () => {
      await using rig = open()
      const upstream = await rig.upstream()
      const proxy = await rig.proxy(upstream, bandwidth(100))
      const pairs = [await rig.pair(proxy, upstream), await rig.pair(proxy, upstream)]
      const took = await Promise.all(
        pairs.map(async ({ client, server }) => {
          const began = client.write(pattern(30_000))
          return (await server.got(30_000)) - began
        }),
      )
      for (const one of took) expect(one).toBeAbout(290, 70)
    })
  })
}
