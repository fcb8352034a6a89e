// The suite against our own server, as a process of its own.
import { startRole } from '../../../src/kernel/process/start-role.ts'
import { loopback } from '../../../src/toxiproxy/backends/address-translation.ts'
import { startToxiproxy } from '../../../src/toxiproxy/backends/start.ts'
import type { ToxiproxyRoleConfig, ToxiproxyRoleInfo } from '../../../src/toxiproxy/role.ts'
import type { ServerUnderTest } from './rig.ts'
import { toxiproxySuite } from './suite.ts'

toxiproxySuite('embedded', async () => {
  const backend = await startToxiproxy('embedded', { seed: 1, runId: 'suite' })
  const server: ServerUnderTest = {
    url: backend.url,
    addresses: loopback,
    async withMetrics() {
      const config: ToxiproxyRoleConfig = { port: 0, seed: 1, metrics: true }
      const role = await startRole<ToxiproxyRoleInfo>('toxiproxy', new URL('../../../src/toxiproxy/role.ts', import.meta.url), config)
      return { url: role.info.url, [Symbol.asyncDispose]: () => role.stop() }
    },
    [Symbol.asyncDispose]: () => backend.stop(),
  }
  return server
})
