// D1–D6: limit_data.
import { describe, expect, it } from 'vitest'
import { pattern, sleep } from '../rig.ts'
import type { OpenRig } from '../suite.ts'

export function limitDataCases(open: OpenRig): void {
  describe('limit_data', () => {
    const limit = (bytes: number) => ({ name: 'limit', type: 'limit_data', stream: 'upstream', attributes: { bytes } })

    it.each([
      { writes: [50], ends: false },
      { writes: [100], ends: true },
      { writes: [150], ends: true },
      { writes: [25, 25, 25, 25], ends: true },
      { writes: [90, 20], ends: true },
    ])('D1 of 100 given $writes: ends $ends', async ({ writes, ends }) => {
      await using rig = open()
      const { client, server } = await rig.connected([limit(100)])
      const bytes = pattern(writes.reduce((sum, size) => sum + size, 0))
      let sent = 0
      for (const size of writes) {
        client.write(bytes.subarray(sent, (sent += size)))
        await sleep(5)
      }
      await (ends ? server.over() : server.got(bytes.length).then(() => sleep(100)))
      expect(server.ending).toBe(ends ? 'eof' : undefined)
      expect(server.received.equals(bytes.subarray(0, 100))).toBe(true)
    })

    it('D2 of 0 is open while idle and ends at the first byte', async () => {
      await using rig = open()
      const { client, server } = await rig.connected([limit(0)])
      await sleep(100)
      expect([client.ending, server.ending]).toEqual([undefined, undefined])
      client.write('x')
      await Promise.all([server.over(), client.over()])
      expect(server.bytes).toBe(0)
    })

    it('D3 goes on counting after an update', async () => {
      await using rig = open()
      const { client, server, proxy } = await rig.connected([limit(10)])
      client.write('12345678')
      await server.got(8)
      await rig.must('POST', `${proxy.path}/toxics/limit`, { attributes: { bytes: 12 } })
      client.write('9abcdefg')
      await server.over()
      expect(server.text).toBe('123456789abc')
    })

    it('D4 counts each connection by itself', async () => {
      await using rig = open()
      const { client, server, proxy, upstream } = await rig.connected([limit(10)])
      client.write('1234567890')
      await server.over()
      const second = await rig.pair(proxy, upstream)
      second.client.write('123456789')
      await second.server.got(9)
      expect(second.server.ending).toBeUndefined()
    })

    it('D5 passes an end below the limit', async () => {
      await using rig = open()
      const { client, server } = await rig.connected([limit(100)])
      client.write('some')
      client.finish()
      expect(await server.over()).toBe('eof')
      expect(server.text).toBe('some')
    })

    it('D6 lowered below what has passed ends at the next chunk, of which nothing passes', async () => {
      await using rig = open()
      const { client, server, proxy } = await rig.connected([limit(100)])
      client.write('12345678')
      await server.got(8)
      await rig.must('POST', `${proxy.path}/toxics/limit`, { attributes: { bytes: 4 } })
      await sleep(100)
      expect(server.ending).toBeUndefined()
      client.write('next')
      await server.over()
      expect(server.text).toBe('12345678')
    })
  })
}
