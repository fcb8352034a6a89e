// The conformance suite: every implementation of the Toxiproxy API has to pass all of it. A case's id names the same
// behaviour for all of them.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bandwidthCases } from './bandwidth.ts'
import { changingCases } from './changing.ts'
import { latencyCases } from './latency.ts'
import { limitDataCases } from './limit-data.ts'
import { metricsCases } from './metrics.ts'
import { populateCases } from './populate.ts'
import { proxiesCases } from './proxies.ts'
import { proxyingCases } from './proxying.ts'
import { resetPeerCases } from './reset-peer.ts'
import { Rig, type ServerUnderTest, timed } from './rig.ts'
import { slicerCases } from './slicer.ts'
import { slowCloseCases } from './slow-close.ts'
import { timeoutCases } from './timeout.ts'
import { toxicsCases } from './toxics.ts'

/** A rig on the server under test, for one case. */
export type OpenRig = () => Rig

export function toxiproxySuite(name: 'embedded' | 'real', start: () => Promise<ServerUnderTest>): void {
  describe(`Toxiproxy, ${name}`, timed, () => {
    let server: ServerUnderTest
    beforeAll(async () => {
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
