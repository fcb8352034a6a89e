// S1–S6: slow_close.
import { describe, expect, it } from 'vitest'
import { realClock } from '../../../../src/kernel/clock.ts'
import { sleep } from '../rig.ts'
import type { OpenRig } from '../suite.ts'

export function slowCloseCases(open: OpenRig): void {
  describe('slow_close', () => {
    const slow = (delay: number) => ({ name: 'slow', type: 'slow_close', stream: 'downstream', attributes: { delay } })

    it('S1 delays the end, not the data, while the other direction flows', async () => {
      await using rig = open()
      const { client, server } = await rig.connected([slow(200)])
      const began = server.write('bye')
      server.finish()
      expect((await client.got(3)) - began).toBeAbout(0, 100)
      client.write('still talking')
      await server.got(13)
      expect(client.ending).toBeUndefined()
      await client.over()
      expect(client.endedAt - began).toBeAbout(200)
    })

    it('S2 delays the closing of the side that closed first', async () => {
      await using rig = open()
      const { client, server } = await rig.connected([slow(200)])
      const began = client.finish()
      await server.over()
      expect(server.endedAt - began).toBeAbout(0, 100)
      await client.over()
      expect(client.endedAt - began).toBeAbout(200)
    })

    it('S3 ends at once when removed', async () => {
      await using rig = open()
      const { client, server, proxy } = await rig.connected([slow(5000)])
      server.finish()
      await sleep(50)
      expect(client.ending).toBeUndefined()
      const began = realClock.now()
      await rig.must('DELETE', `${proxy.path}/toxics/slow`)
      await client.over()
      expect(client.endedAt - began).toBeAbout(0)
    })

    it('S4 ends at once when disabled', async () => {
      await using rig = open()
      const { client, server, proxy } = await rig.connected([slow(5000)])
      server.finish()
      await sleep(50)
      const began = realClock.now()
      await rig.must('POST', proxy.path, { enabled: false })
      await client.over()
      expect(client.endedAt - began).toBeAbout(0)
    })

    it('S5 delays an end that a toxic before it made, none that one behind it made', async () => {
      await using rig = open()
      const limit = { type: 'limit_data', attributes: { bytes: 1 } }
      const before = await rig.connected([limit, slow(200)])
      const began = before.server.write('xyz')
      await before.client.over()
      expect(before.client.endedAt - began).toBeAbout(200)
      const behind = await rig.connected([slow(200), limit])
      const again = behind.server.write('xyz')
      await behind.client.over()
      expect(behind.client.endedAt - again).toBeAbout(0, 100)
    })

    it('S6 waits the whole delay again after an update', async () => {
      await using rig = open()
      const { client, server, proxy } = await rig.connected([slow(200)])
      server.finish()
      await sleep(120, 180)
      const began = realClock.now()
      await rig.must('POST', `${proxy.path}/toxics/slow`, {})
      await client.over()
      expect(client.endedAt - began).toBeAbout(200)
    })
  })
}
