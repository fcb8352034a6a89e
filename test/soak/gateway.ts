// The gateway of a soak, in a process of its own, which says when asked what it holds.
import { readdirSync } from 'node:fs'
import { argv } from 'node:process'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { turn } from '../../src/kernel/clock.ts'
import { checkConfig, type GatewayConfigInput } from '../../src/gateway/config.ts'
import { startGateway } from '../../src/gateway/gateway.ts'

/** What the gateway holds while nobody asks anything of it. */
export interface Holding {
  /** Of the heap, in bytes, when garbage is collected. */
  heap: number
  /** Of the machine's memory, in bytes. */
  rss: number
  /** Buffers outside the heap, in bytes. */
  buffers: number
  openFiles: number
  inFlight: number
  timeouts: number
  bodyBytes: number
}

export type FromGateway = { is: 'ready'; port: number } | ({ is: 'holding' } & Holding)

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

const { config, upstreams } = JSON.parse(argv[2]!) as { config: GatewayConfigInput; upstreams: Record<string, string> }
const gateway = await startGateway({ config: checkConfig('soak', config, upstreams) })

async function holding(): Promise<Holding> {
  // Memory outside the heap is given back a turn after the objects that own it.
  for (let times = 0; times < 3; times++) {
    collectGarbage()
    await turn()
  }
  const { heapUsed: heap, rss, external: buffers } = process.memoryUsage()
  const { inFlight, timeoutsWaiting: timeouts, bodyBytes } = gateway
  return { heap, rss, buffers, openFiles: readdirSync('/proc/self/fd').length, inFlight, timeouts, bodyBytes }
}

const say = (message: FromGateway): void => void process.send!(message)
process.on('message', () => void holding().then((held) => say({ is: 'holding', ...held })))
process.on('disconnect', () => process.exit())
say({ is: 'ready', port: gateway.port })
