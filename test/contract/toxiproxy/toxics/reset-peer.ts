// R1–R9: reset_peer.
import { describe, expect, it } from 'vitest'
import { joined, sleep } from '../rig.ts'
import type { OpenRig } from '../suite.ts'

export function resetPeerCases(open: OpenRig): void {
  describe('reset_peer', () => {
    const reset = (timeout: number, stream = 'upstream', toxicity = 1) => ({
      name: 'reset',
      type: 'reset_peer',
      stream,
      toxicity,
      attributes: { timeout },
    })

    it('R1 resets a client that sends', async () => {
      await using rig = open()
      const { client } = await rig.connected([reset(0)])
      client.write('x')
      expect(await client.over()).toBe('reset')
    })

    it('R2 resets its time after the first byte', async () => {
      await using rig = open()
      const { client } = await rig.connected([reset(100)])
      await sleep(30)
      const began = client.write('x')
      expect(await client.over()).toBe('reset')
      expect(client.endedAt - began).toBeAbout(100)
    })

    it('R3 counts downstream from the first byte of the server', async () => {
      await using rig = open()
      const { client, server } = await rig.connected([reset(100, 'downstream')])
      client.write('question')
      await server.got(8)
      await sleep(30)
      const began = server.write('x')
      expect(await client.over()).toBe('reset')
      expect(client.endedAt - began).toBeAbout(100)
    })

    it.each(['upstream', 'downstream'])('R4 resets the server too (%s)', async (stream) => {
      await using rig = open()
      const { client, server } = await rig.connected([reset(0, stream)])
      ;(stream === 'upstream' ? client : server).write('x')
      expect(await server.over()).toBe('reset')
    })

    it('R5 does nothing without traffic', async () => {
      await using rig = open()
      const { client, server } = await rig.connected([reset(0)])
      await sleep(300)
      expect([client.ending, server.ending]).toEqual([undefined, undefined])
    })

    it('R6 ends a connection that was there before it plainly', async () => {
      await using rig = open()
      const { client, server, proxy } = await rig.connected()
      await joined({ client, server })
      await rig.must('POST', `${proxy.path}/toxics`, reset(0))
      client.write('x')
      expect(await client.over()).toBe('eof')
      expect(await server.over()).toBe('eof')
    })

    it('R7 delivers nothing of what triggers it', async () => {
      await using rig = open()
      const { client, server } = await rig.connected([reset(50)])
      client.write('x')
      await server.over()
      expect(server.bytes).toBe(0)
    })

    it('R8 makes every later end a reset, though its coin was lost or it is gone', async () => {
      await using rig = open()
      const flowing = async (toxicity: number) => {
        const all = await rig.connected([reset(0, 'upstream', toxicity)])
        await joined(all)
        if (toxicity === 1) await rig.must('DELETE', `${all.proxy.path}/toxics/reset`)
        all.client.write('passes')
        await all.server.got(6)
        return all
      }
      for (const toxicity of [0, 1]) {
        const peers = await flowing(toxicity)
        peers.client.finish()
        expect(await peers.server.over()).toBe('reset')
        expect(await peers.client.over()).toBe('reset')
        const disabled = await flowing(toxicity)
        await rig.must('POST', disabled.proxy.path, { enabled: false })
        expect([await disabled.client.over(), await disabled.server.over()]).toEqual(['reset', 'reset'])
        const deleted = await flowing(toxicity)
        await rig.must('DELETE', deleted.proxy.path)
        expect([await deleted.client.over(), await deleted.server.over()]).toEqual(['reset', 'reset'])
      }
    })

    it('R9 is triggered by an end as by data', async () => {
      await using rig = open()
      const { client, server } = await rig.connected([reset(100)])
      const began = client.finish()
      expect([await client.over(), await server.over()]).toEqual(['reset', 'reset'])
      expect(server.endedAt - began).toBeAbout(100)
    })
  })
}
