// The suite against a real Toxiproxy 2.12, where one is installed.
import { describe } from 'vitest'
import { loopback } from '../../../src/toxiproxy/backends/address-translation.ts'
import { component } from '../../components.ts'
import { startReal } from './real-server.ts'
import { toxiproxySuite } from './suite.ts'

const program = component('toxiproxy-server')

describe.skipIf(!program.available)('a real server', () => {
  const path = program.available ? program.path : ''
  toxiproxySuite('real', async () => {
    const server = await startReal(path)
    return { ...server, addresses: loopback, withMetrics: () => startReal(path, '-proxy-metrics') }
  })
})
