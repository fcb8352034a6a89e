// T1–T10: timeout.
import { describe, expect, it } from 'vitest'
import { realClock } from '../../../../src/kernel/clock.ts'
import { joined, sleep } from '../rig.ts'
import type { OpenRig } from '../suite.ts'

export function timeoutCases(open: OpenRig): void {
  describe('timeout', () => {
    const timeout = (ms: number, toxicity = 1) => ({
      name: 'hole',
      type: 'timeout',
      stream: 'upstream',
      toxicity,
      attributes: { timeout: ms },
    })

    it('T1 holds up no change of the toxic before it', async () => {
      await using rig = open()
      const { client, proxy } = await rig.connected([
        { name: 'slow', type: 'latency', stream: 'upstream', attributes: { latency: 10 } },
        timeout(0),
      ])
      for (let round = 0; round < 20; round++) {
        client.write('traffic')
        await sleep(2)
      }
      const began = realClock.now()
      await rig.must('DELETE', `${proxy.path}/toxics/slow`)
      expect(realClock.now() - began).toBeAbout(0, 1000)
    })

    it('T2 ends both peers when removed', async () => {
      await using rig = open()
      const { client, server, proxy } = await rig.connected([timeout(0)])
      await joined({ client, server })
      await rig.must('DELETE', `${proxy.path}/toxics/hole`)
      expect(await client.over(1000)).toBe('eof')
      expect(await server.over(1000)).toBe('eof')
    })

    it('T3 ends an idle connection after its time', async () => {
      await using rig = open()
      const { client, server, proxy, upstream } = await rig.connected([timeout(150)])
      await client.over()
      const began = realClock.now()
      const second = await rig.pair(proxy, upstream)
      await Promise.all([second.client.over(), second.server.over()])
      // The clock of the connection starts when the proxy has accepted it, shortly before both ends are here.
      expect(second.client.endedAt - began).toBeAbout(150)
      expect(second.server.endedAt - began).toBeAbout(150)
      expect([second.server.bytes, server.bytes]).toEqual([0, 0])
    })

    it('T4 stays open while data comes, and ends its time after the last', async () => {
      await using rig = open()
      const { client, server } = await rig.connected([timeout(300)])
      let last = 0
      for (let chunk = 0; chunk < 6; chunk++) {
        last = client.write('swallowed')
        await sleep(75, 280)
      }
      await server.over()
      expect(server.endedAt - last).toBeAbout(300)
      expect(server.bytes).toBe(0)
    })

    it('T5 of 0 swallows for ever, the other direction flows', async () => {
      await using rig = open()
      const { client, server } = await rig.connected([timeout(0)])
      client.write('swallowed')
      server.write('answer')
      await client.got(6)
      await sleep(500)
      expect([server.bytes, server.ending, client.ending]).toEqual([0, undefined, undefined])
    })

    it('T6 ends connections at a reset', async () => {
      await using rig = open()
      const { client, server } = await rig.connected([timeout(0)])
      await joined({ client, server })
      await rig.must('POST', '/reset')
      expect(await Promise.all([client.over(1000), server.over(1000)])).toEqual(['eof', 'eof'])
    })

    it('T7 of 0 passes an end at once', async () => {
      await using rig = open()
      const { client, server } = await rig.connected([timeout(0)])
      const began = client.finish()
      await server.over()
      expect(server.endedAt - began).toBeAbout(0)
    })

    it('T8 ends the connection its new time after an update', async () => {
      await using rig = open()
      const { client, server, proxy } = await rig.connected([timeout(0)])
      client.write('swallowed')
      await sleep(30)
      const began = realClock.now()
      await rig.must('POST', `${proxy.path}/toxics/hole`, { attributes: { timeout: 100 } })
      await server.over()
      expect(server.endedAt - began).toBeAbout(100)
      expect(server.bytes).toBe(0)
    })

    it('T9 ends a connection when removed even where it never acted', async () => {
      await using rig = open()
      const { client, server, proxy } = await rig.connected([timeout(0, 0)])
      client.write('passes')
      await server.got(6)
      await rig.must('DELETE', `${proxy.path}/toxics/hole`)
      expect(await Promise.all([client.over(1000), server.over(1000)])).toEqual(['eof', 'eof'])
    })

    it('T10 lets data flow again at toxicity 0, what it swallowed stays lost', async () => {
      await using rig = open()
      const { client, server, proxy } = await rig.connected([timeout(0)])
      client.write('swallowed')
      await sleep(50)
      await rig.must('POST', `${proxy.path}/toxics/hole`, { toxicity: 0 })
      client.write('passes')
      await server.got(6)
      expect([server.text, client.ending]).toEqual(['passes', undefined])
    })
  })
}
