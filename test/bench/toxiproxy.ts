// What the embedded Toxiproxy costs, as a share of the least a proxy can be (two pipes) and of the real server, all measured in
// the same run: bulk in rounds that alternate, small requests each through another proxy, drawn at random, so that a busy
// machine slows all alike.
//
//   this process ──▶ embedded ──┐
//   this process ──▶ pipe ──────┼──▶ source, sink, echo        each a process of its own
//   this process ──▶ real ──────┘
import { execFileSync } from 'node:child_process'
import { startRole } from '../../src/kernel/process/start-role.ts'
import { seededRandom } from '../../src/kernel/random.ts'
import type { ToxiproxyBackend } from '../../src/toxiproxy/backends/backend.ts'
import { startToxiproxy } from '../../src/toxiproxy/backends/start.ts'
import type { NetworkFault } from '../../src/faults/network/networks.ts'
import { component } from '../components.ts'
import type { Endpoints } from './toxiproxy/endpoints.ts'
import { churn, download, latencyErrors, roundTrips, upload } from './toxiproxy/measures.ts'
import type { PipeConfig } from './toxiproxy/pipe.ts'
import { type Goal, shareOf, showGoal, verdict } from './toxiproxy/share.ts'

const BULK_ROUNDS = 15
// A p99 differs by half from round to round on a machine shared with others; many rounds tell what is behind it.
const SMALL_ROUNDS = 40
const TRIPS_MS = 600
const LATENCY_MS = 50
const MESSAGES = 200
const CONNECTIONS = 10_000

await using endpoints = await startRole<Endpoints>('endpoints', new URL('toxiproxy/endpoints.ts', import.meta.url), null)
const { source, sink, echo } = endpoints.info
const pipeConfig: PipeConfig = { upstreams: [source, sink, echo] }
await using pipe = await startRole<{ ports: number[] }>('pipe', new URL('toxiproxy/pipe.ts', import.meta.url), pipeConfig)
await using embedded = await startToxiproxy('embedded', { seed: 1, runId: 'bench' })
await using front = await startToxiproxy('embedded', { seed: 1, runId: 'bench', front: true, onLines: () => {} })
const program = component('toxiproxy-server')
await using real = program.available ? await startToxiproxy(`binary=${program.path}`, { seed: 1, runId: 'bench' }) : undefined
const random = seededRandom(1)

const proxies: Record<string, Endpoints> = {
  embedded: await endpointsBehind(embedded),
  front: await endpointsBehind(front),
  pipe: { source: pipe.info.ports[0]!, sink: pipe.info.ports[1]!, echo: pipe.info.ports[2]! },
  ...(real && { real: await endpointsBehind(real) }),
}

const bulk: Record<'download' | 'upload', Rounds> = { download: {}, upload: {} }
for (let round = 0; round < BULK_ROUNDS; round++)
  for (const [name, ports] of Object.entries(proxies)) {
    push(bulk.download, name, await download(ports.source))
    push(bulk.upload, name, await upload(ports.sink))
  }
report('download, MB/s', bulk.download, { pipe: { atLeast: 0.8 }, real: { atLeast: 1.2 } }, { atLeast: 0.95 })
report('upload, MB/s', bulk.upload, { pipe: { atLeast: 0.8 }, real: { atLeast: 1.2 } }, { atLeast: 0.95 })

const trips: Record<'rate' | 'p50' | 'p99', Rounds> = { rate: {}, p50: {}, p99: {} }
for (let round = 0; round < SMALL_ROUNDS; round++)
  for (const [name, took] of Object.entries(await roundTrips(echoes(Object.keys(proxies)), TRIPS_MS, random.stream(`trips ${round}`)))) {
    push(trips.rate, name, (took.length / took.reduce((sum, one) => sum + one, 0)) * 1e6)
    push(trips.p50, name, quantile(took, 0.5))
    push(trips.p99, name, quantile(took, 0.99))
  }
report('small requests one after the other, /s', trips.rate, { pipe: { atLeast: 0.8 }, real: { atLeast: 1 } }, { atLeast: 0.85 })
report('round trip p50, µs', trips.p50, { pipe: { atMost: 1.5 }, real: { atMost: 1 } }, { atMost: 1.2 })
report('round trip p99, µs', trips.p99, { real: 'no worse' })

const slow: NetworkFault = {
  is: 'toxic',
  toxic: { type: 'latency', attributes: { latency: LATENCY_MS } },
  stream: 'downstream',
  toxicity: 1,
}
const toxiproxies: Record<string, ToxiproxyBackend> = { embedded, ...(real && { real }) }
for (const { control } of Object.values(toxiproxies)) await control.addFault('echo', 'slow', slow)
const late: Record<'p50' | 'p99', Rounds> = { p50: {}, p99: {} }
for (let round = 0; round < SMALL_ROUNDS; round++) {
  const errors = await latencyErrors(echoes(Object.keys(toxiproxies)), LATENCY_MS, MESSAGES, random.stream(`latency ${round}`))
  for (const [name, values] of Object.entries(errors)) {
    push(late.p50, name, quantile(values, 0.5))
    push(late.p99, name, quantile(values, 0.99))
  }
}
report('latency error p50, ms', late.p50, { real: { atMost: 1 } })
report('latency error p99, ms', late.p99, { real: 'no worse' })
await embedded.control.removeFault('echo', 'slow', slow)

await churn(proxies['embedded']!.echo, CONNECTIONS)
const before = residentMegabytes(embedded.pids[0]!)
await churn(proxies['embedded']!.echo, CONNECTIONS)
const growth = residentMegabytes(embedded.pids[0]!) / before
console.log(
  `memory after ${CONNECTIONS} more connections: ${growth.toFixed(2)} × before (goal: at most 1.2)${growth <= 1.2 ? '' : ': missed'}`,
)
if (growth > 1.2) process.exitCode = 1

/** One figure for each round, by proxy. */
type Rounds = Record<string, number[]>

function push(rounds: Rounds, name: string, value: number): void {
  ;(rounds[name] ??= []).push(value)
}

/** Prints the medians, and judges the embedded server's share of each peer's, and the front's share of the embedded server's. */
function report(what: string, rounds: Rounds, goals: Record<string, Goal>, frontGoal?: Goal): void {
  const shown = Object.entries(rounds).map(([name, values]) => `${name} ${quantile(values, 0.5).toPrecision(3)}`)
  console.log(`${what}: ${shown.join(', ')}`)
  for (const [peer, goal] of Object.entries(goals)) {
    const of = rounds[peer]
    if (of) judge('', rounds['embedded']!, peer, of, goal)
    else console.log(`  ${peer}: not installed`)
  }
  if (frontGoal) judge('front: ', rounds['front']!, 'embedded', rounds['embedded']!, frontGoal)
}

function judge(whose: string, ours: number[], peer: string, peers: number[], goal: Goal): void {
  const share = shareOf(ours, peers)
  const outcome = verdict(share, goal)
  const bounds = `${share.lower.toFixed(2)} to ${share.upper.toFixed(2)}`
  const missed = outcome === 'reached' ? '' : `: ${outcome}`
  console.log(`  ${whose}${share.median.toFixed(2)} (${bounds}) × ${peer}, goal: ${showGoal(goal)}${missed}`)
  if (outcome !== 'reached') process.exitCode = 1
}

async function endpointsBehind({ control }: ToxiproxyBackend): Promise<Endpoints> {
  const proxyTo = async (name: keyof Endpoints): Promise<number> => {
    const { port } = await control.createProxy({ name, upstream: `127.0.0.1:${endpoints.info[name]}` })
    return port
  }
  return { source: await proxyTo('source'), sink: await proxyTo('sink'), echo: await proxyTo('echo') }
}

function echoes(names: string[]): Record<string, number> {
  return Object.fromEntries(names.map((name) => [name, proxies[name]!.echo]))
}

function quantile(values: readonly number[], q: number): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * q)]!
}

function residentMegabytes(pid: number): number {
  return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) / 1024
}
