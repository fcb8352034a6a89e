// M1–M2: /metrics.
import { describe, expect, it } from 'vitest'
import { realClock } from '../../../../src/kernel/clock.ts'
import { loopback } from '../../../../src/toxiproxy/backends/address-translation.ts'
import { Rig, type ServerUnderTest, sleep } from '../rig.ts'
import type { OpenRig } from '../suite.ts'

export function metricsCases(open: OpenRig, startWithMetrics: ServerUnderTest['withMetrics']): void {
  describe('metrics', () => {
    it('M1 counts the bytes of both directions of a connection that has ended', async () => {
      await using server = await startWithMetrics()
      await using rig = new Rig({ url: server.url, addresses: loopback })
      const { client, server: peer, proxy } = await rig.connected()
      client.write('x'.repeat(300))
      await peer.got(300)
      peer.write('y'.repeat(700))
      await client.got(700)
      client.finish()
      await peer.over()
      await client.over()

      const value = (text: string, metric: string, direction: string): number =>
        Number(
          text
            .split('\n')
            .find(
              (line) =>
                line.startsWith(`${metric}{`) && line.includes(`direction="${direction}"`) && line.includes(`proxy="${proxy.name}"`),
            )
            ?.split(' ')
            .at(-1),
        )
      const counts = async (): Promise<number[]> => {
        const { text } = await rig.must('GET', '/metrics')
        return ['received', 'sent'].flatMap((kind) =>
          ['upstream', 'downstream'].map((direction) => value(text, `toxiproxy_proxy_${kind}_bytes_total`, direction)),
        )
      }
      // The real server adds them up when it notices the end.
      const patience = realClock.now() + 2000
      let seen = await counts()
      while (seen.some(Number.isNaN) && realClock.now() < patience) {
        await sleep(10)
        seen = await counts()
      }
      expect(seen).toEqual([300, 700, 300, 700])
    })

    it('M2 are not served unless asked for', async () => {
      await using rig = open()
      expect((await rig.call('GET', '/metrics')).status).toBe(404)
    })
  })
}
