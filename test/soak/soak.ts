// A soak: faults come and go, clients stall, leave and flood; between rounds nobody asks anything, and the gateway says what it holds. What
// grows from round to round is a leak.
//
//   clients ──▶ gateway (a process of its own) ──▶ Toxiproxy ──▶ fake
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { Agent } from 'undici'
import { type Ms, realClock } from '../../src/kernel/clock.ts'
import { type Random, seededRandom } from '../../src/kernel/random.ts'
import { connectToxiproxy } from '../../src/toxiproxy/client/client.ts'
import { serveToxiproxy } from '../../src/toxiproxy/serve.ts'
import { serveControlled } from '../../src/upstreams/serve-controlled.ts'
import { type Target, clients } from './clients.ts'
import { faults, type SoakFault } from './faults.ts'
import type { FromGateway, Holding } from './gateway.ts'
import { fake } from './upstream.ts'

export interface SoakOptions {
  forMs: Ms
  /** How long each fault lasts. */
  stepMs: Ms
  seed: number
  /** Is told what the gateway holds after each round, and how many clients there were so far. */
  watch?: (holding: Holding, clients: number) => void
}

export interface Soaked {
  clients: number
  /** After each round; at least three. */
  holdings: Holding[]
}

/** At once, on average. */
const CLIENTS = 24
const GATEWAY = {
  upstreams: {
    a: {
      timeout: { attempt: '300ms', total: '1s' },
      retry: { attempts: 3, base: '5ms' },
      breaker: { failures: 20, recovery: '200ms', recoveryGrowth: 1 },
      bulkhead: { concurrent: 50 },
      fallback: 'cached',
    },
  },
  server: { maxRequestBytes: 100_000, bodyTimeout: '500ms', streamIdle: '500ms' },
} as const
/** As long as any timeout of the gateway, and more. */
const REST: Ms = 3000
const LOOK_EVERY: Ms = 250

export async function soak({ forMs, stepMs, seed, watch }: SoakOptions): Promise<Soaked> {
  await using served = await serveControlled(fake, { seed })
  await using api = await serveToxiproxy({ port: 0, seed })
  const toxiproxy = await connectToxiproxy(api.url)
  const proxy = await toxiproxy.createProxy({ name: 'a', upstream: `127.0.0.1:${served.traffic.port}` })
  await using gateway = await startGatewayProcess({ config: GATEWAY, upstreams: { a: `http://${proxy.listen}` } })
  await using scope = new AsyncDisposableStack()
  const agent = scope.adopt(new Agent({ connections: 20 }), (each) => each.destroy())
  const target: Target = { port: gateway.port, agent }
  const random = seededRandom(seed)
  const holdings: Holding[] = []
  let count = 0
  const play = async (fault: SoakFault): Promise<void> => {
    await fault.on({ controlUrl: served.control.url, toxiproxy })
    const end = realClock.now() + stepMs
    const crowd = Array.from({ length: CLIENTS }, async (_, at) => {
      const draw = random.stream(`client/${at}`)
      while (realClock.now() < end) {
        count++
        await pick(draw, Object.values(clients))(target, draw.next() * Math.min(stepMs, 1500))
      }
    })
    await Promise.all(crowd)
    await fault.off({ controlUrl: served.control.url, toxiproxy })
  }

  for (const end = realClock.now() + forMs; realClock.now() < end || holdings.length < 3;) {
    for (const fault of faults) await play(fault)
    const holding = await atRest(gateway)
    holdings.push(holding)
    watch?.(holding, count)
  }
  return { clients: count, holdings }
}

/** What it holds when it has given back what it was asked for, or has had the time to. */
async function atRest(gateway: GatewayProcess): Promise<Holding> {
  for (const end = realClock.now() + REST; ;) {
    await realClock.sleep(LOOK_EVERY)
    const holding = await gateway.holding()
    const { inFlight, timeouts, bodyBytes } = holding
    if (inFlight + timeouts + bodyBytes === 0 || realClock.now() > end) return holding
  }
}

interface GatewayProcess extends AsyncDisposable {
  port: number
  holding(): Promise<Holding>
}

async function startGatewayProcess(options: object): Promise<GatewayProcess> {
  const child = fork(`${import.meta.dirname}/gateway.ts`, [JSON.stringify(options)])
  const exited = once(child, 'exit')
  const ended = exited.then(([code]) => Promise.reject(new Error(`the gateway ended by itself with ${code}`)))
  ended.catch(() => {})
  // The gateway of the soak sends nothing else.
  const heard = async (): Promise<FromGateway> => (await Promise.race([once(child, 'message'), ended]))[0] as FromGateway
  const ready = await heard()
  return {
    port: ready.is === 'ready' ? ready.port : 0,
    async holding() {
      const answer = heard()
      child.send('holding?')
      return (await answer) as FromGateway & { is: 'holding' }
    },
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL')
      await exited
    },
  }
}

function pick<T>(random: Random, from: readonly T[]): T {
  return from[random.integer(from.length)]!
}
