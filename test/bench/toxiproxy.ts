// What the embedded Toxiproxy costs, as a share of the least a proxy can be (two pipes) and of the real server, all measured in
// the same run. Rounds alternate, so that a busy machine slows all alike; a share is the median over the rounds.
//
//   this process ──▶ embedded ──┐
//   this process ──▶ pipe ──────┼──▶ source, echo        each a process of its own
//   this process ──▶ real ──────┘
import { execFileSync } from 'node:child_process'
import { startRole } from '../../src/kernel/child.ts'
import { startToxiproxy, type ToxiproxyBackend } from '../../src/toxiproxy/backend.ts'
import type { NetworkFault } from '../../src/toxiproxy/toxic.ts'
import { component } from '../components.ts'
import { bulkRate, churn, latencyErrors, roundTrips } from './toxiproxy/measures.ts'
import type { EndpointsInfo } from './toxiproxy/endpoints.ts'
import type { PipeConfig } from './toxiproxy/pipe.ts'

const ROUNDS = 7
const LATENCY_MS = 50
// "No worse" than the real server: the same server differs by this much from run to run in its p99, on a machine shared with others.
const TIE = 1.25

/** Ports of a proxy in front of the source and of the echo. */
interface Ports {
  source: number
  echo: number
}

await using endpoints = await startRole<EndpointsInfo>('endpoints', new URL('toxiproxy/endpoints.ts', import.meta.url), null)
const pipeConfig: PipeConfig = { upstreams: [endpoints.info.source, endpoints.info.echo] }
await using pipe = await startRole<{ ports: number[] }>('pipe', new URL('toxiproxy/pipe.ts', import.meta.url), pipeConfig)
await using embedded = await startToxiproxy('embedded', { seed: 1, runId: 'bench' })
const program = component('toxiproxy-server')
await using real = program.available ? await startToxiproxy(`binary=${program.path}`, { seed: 1, runId: 'bench' }) : undefined

const proxies: Record<string, Ports> = {
  embedded: await portsOf(embedded),
  pipe: { source: pipe.info.ports[0]!, echo: pipe.info.ports[1]! },
  ...(real && { real: await portsOf(real) }),
}
const toxiproxies: Record<string, ToxiproxyBackend> = { embedded, ...(real && { real }) }

await compare('bulk, MB/s', proxies, ({ source }) => bulkRate(source), { pipe: 0.8, real: 1.2 }, 'at least')
const trips = new Map<string, { rate: number; p50: number; p99: number }[]>()
for (let round = 0; round < ROUNDS; round++)
  for (const [name, { echo }] of Object.entries(proxies)) trips.set(name, [...(trips.get(name) ?? []), await roundTrips(echo)])
report('small requests, /s', pick('rate'), { pipe: 0.8, real: 1 }, 'at least')
report('round trip p50, µs', pick('p50'), { pipe: 1.5, real: 1 }, 'at most')
report('round trip p99, µs', pick('p99'), { real: TIE }, 'at most')

const slow: NetworkFault = {
  is: 'toxic',
  toxic: { type: 'latency', attributes: { latency: LATENCY_MS } },
  stream: 'downstream',
  toxicity: 1,
}
for (const backend of Object.values(toxiproxies)) await backend.control.addFault('echo', 'slow', slow)
const slowed = Object.fromEntries(Object.keys(toxiproxies).map((name) => [name, proxies[name]!.echo]))
await compare('latency error p99, ms', slowed, (port) => latencyErrors(port, LATENCY_MS), { real: TIE }, 'at most')
await embedded.control.removeFault('echo', 'slow', slow)

const CONNECTIONS = 10_000
await churn(proxies['embedded']!.echo, CONNECTIONS)
const before = residentMegabytes(embedded.pids[0]!)
await churn(proxies['embedded']!.echo, CONNECTIONS)
const growth = residentMegabytes(embedded.pids[0]!) / before
check(`memory after ${CONNECTIONS} more connections: ${growth.toFixed(2)} × before`, growth, 1.2, 'at most')

async function portsOf({ control }: ToxiproxyBackend): Promise<Ports> {
  const { source, echo } = endpoints.info
  const [first, second] = [
    await control.createProxy({ name: 'source', upstream: `127.0.0.1:${source}` }),
    await control.createProxy({ name: 'echo', upstream: `127.0.0.1:${echo}` }),
  ]
  return { source: first.port, echo: second.port }
}

type Direction = 'at least' | 'at most'

async function compare<Subject>(
  what: string,
  subjects: Record<string, Subject>,
  measure: (subject: Subject) => Promise<number>,
  goals: Record<string, number>,
  direction: Direction,
): Promise<void> {
  const rounds: Record<string, number[]> = {}
  for (let round = 0; round < ROUNDS; round++)
    for (const [name, subject] of Object.entries(subjects)) (rounds[name] ??= []).push(await measure(subject))
  report(what, rounds, goals, direction)
}

function pick(figure: 'rate' | 'p50' | 'p99'): Record<string, number[]> {
  return Object.fromEntries([...trips].map(([name, rounds]) => [name, rounds.map((round) => round[figure])]))
}

/** Prints the medians and judges the share of the embedded server's of each peer's, round by round. */
function report(what: string, rounds: Record<string, number[]>, goals: Record<string, number>, direction: Direction): void {
  const shown = Object.entries(rounds).map(([name, values]) => `${name} ${median(values).toPrecision(3)}`)
  console.log(`${what}: ${shown.join(', ')}`)
  for (const [peer, goal] of Object.entries(goals)) {
    const of = rounds[peer]
    if (!of) console.log(`  ${peer}: not installed`)
    else {
      const share = median(rounds['embedded']!.map((value, round) => value / of[round]!))
      check(`  ${share.toFixed(2)} × ${peer}`, share, goal, direction)
    }
  }
}

function check(text: string, value: number, goal: number, direction: Direction): void {
  const reached = direction === 'at least' ? value >= goal : value <= goal
  console.log(`${text} (goal ${direction} ${goal})${reached ? '' : ': missed'}`)
  if (!reached) process.exitCode = 1
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!
}

function residentMegabytes(pid: number): number {
  return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) / 1024
}
