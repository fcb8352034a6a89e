// The conformance suite: every implementation of the Toxiproxy API has to pass all of it. A case's id names the same
// behaviour for all of them.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { bandwidthCases } from './toxics/bandwidth.ts'
import { changingCases } from './proxy/changing.ts'
import { latencyCases } from './toxics/latency.ts'
import { limitDataCases } from './toxics/limit-data.ts'
import { metricsCases } from './api/metrics.ts'
import { populateCases } from './api/populate.ts'
import { proxiesCases } from './api/proxies.ts'
import { proxyingCases } from './proxy/proxying.ts'
import { resetPeerCases } from './toxics/reset-peer.ts'
import { Rig, type ServerUnderTest, timed } from './rig.ts'
import { slicerCases } from './toxics/slicer.ts'
import { slowCloseCases } from './toxics/slow-close.ts'
import { timeoutCases } from './toxics/timeout.ts'
import { toxicsCases } from './api/toxics.ts'

/** A rig on the server under test, for one case. */
export type OpenRig = () => Rig

export function toxiproxySuite(name: 'embedded' | 'real', start: () => Promise<ServerUnderTest>): void {
  describe(`Toxiproxy, ${name}`, timed, () => {
    let server: ServerUnderTest
    beforeAll(async () => {
      server = await start()
    })
    // A server that a case ended fails that case alone, and not all that follow.
    beforeEach(async () => {
      const died = server.died?.()
      if (died === undefined) return
      console.warn(`${server.url} ended: ${died}`)
      server = await start()
    })
    afterAll(async () => {
      // Absent when it did not start, which has been reported.
      await server?.[Symbol.asyncDispose]()
    })
    const open: OpenRig = () => new Rig(server)

    proxiesCases(open)
    populateCases(open)
    toxicsCases(open)
    proxyingCases(open)
    changingCases(open)
    latencyCases(open)
    bandwidthCases(open)
    timeoutCases(open)
    resetPeerCases(open)
    slowCloseCases(open)
    limitDataCases(open)
    slicerCases(open)
    metricsCases(open, () => server.withMetrics())

    it('leaves no proxy of the suite behind', async () => {
      await using rig = open()
      const names = Object.keys((await rig.must('GET', '/proxies')).json)
      expect(names.filter((left) => left.startsWith(`suite-${process.pid}-`))).toEqual([])
    })
  })
}
