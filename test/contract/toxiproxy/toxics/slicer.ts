// C1–C5: slicer.
import { describe, expect, it } from 'vitest'
import type { Ms } from '../../../../src/kernel/clock.ts'
import type { Peer } from '../peer.ts'
import { pattern, sleep } from '../rig.ts'
import type { OpenRig } from '../suite.ts'

export function slicerCases(open: OpenRig): void {
  describe('slicer', () => {
    const slicer = (average_size: number, size_variation: number, delay: number) => ({
      name: 'slices',
      type: 'slicer',
      stream: 'upstream',
      attributes: { average_size, size_variation, delay },
    })

    it('C1 keeps 480 KB intact', async () => {
      await using rig = open()
      const { client, server } = await rig.connected([slicer(1024, 512, 10)])
      const bytes = pattern(480_000)
      client.write(bytes)
      await server.got(bytes.length, 10_000)
      expect(server.received.equals(bytes)).toBe(true)
    })

    it('C2 cuts 24 bytes into single ones', async () => {
      await using rig = open()
      const { client, server } = await rig.connected([slicer(1, 0, 20_000)])
      const began = client.write(pattern(24))
      await server.got(24)
      expectPieces(
        server,
        began,
        Array.from({ length: 24 }, () => 1),
      )
      expect(server.received).toEqual(pattern(24))
    })

    it('C3 spaces the pieces, the first at once', async () => {
      await using rig = open()
      const { client, server } = await rig.connected([slicer(10, 0, 20_000)])
      const began = client.write(pattern(60))
      await server.got(60)
      expectPieces(server, began, [7, 8, 7, 8, 7, 8, 7, 8])
      for (const [index, { at }] of server.reads.entries()) expect(at - began).toBeAbout(20 * index)
    })

    it('C4 hands on the rest in one piece when removed', async () => {
      await using rig = open()
      const { client, server, proxy } = await rig.connected([slicer(10, 0, 100_000)])
      const bytes = pattern(200)
      client.write(bytes)
      await sleep(250, 1000)
      const before = server.bytes
      expect(before).toBeLessThan(100)
      await rig.must('DELETE', `${proxy.path}/toxics/slices`)
      await server.got(200, 400)
      expect(server.reads.at(-1)!.data.length).toBeGreaterThan(50)
      expect(server.received.equals(bytes)).toBe(true)
    })

    it('C5 delays what follows the last piece: the next message, and the end', async () => {
      await using rig = open()
      const { client, server } = await rig.connected([slicer(10, 0, 150_000)])
      const began = client.write('first')
      expect((await server.got(5)) - began).toBeAbout(0)
      client.write('second')
      expect((await server.got(11)) - began).toBeAbout(150)
      client.finish()
      await server.over()
      expect(server.endedAt - began).toBeAbout(300)
    })
  })
}

/**
 * Expects these pieces, one every 20 ms at the soonest. Whole pieces that came together waited for a reader that was late, which its
 * machine may be; a cut elsewhere, or a piece before its time, is the slicer's doing.
 */
function expectPieces(reader: Peer, began: Ms, sizes: readonly number[]): void {
  const ends = sizes.map((_, last) => sizes.slice(0, last + 1).reduce((sum, size) => sum + size))
  let arrived = 0
  const lastOfRead = reader.reads.map(({ data }) => ends.indexOf((arrived += data.length)))
  const cut = `cut into ${reader.reads.map(({ data }) => data.length).join(' ')}`
  expect(lastOfRead, cut).not.toContain(-1)
  for (const [index, { at }] of reader.reads.entries()) expect(at - began, cut).toBeGreaterThan(20 * lastOfRead[index]! - 2)
  if (reader.reads.length < sizes.length) throw new Error(`too late: ${cut}`)
}
