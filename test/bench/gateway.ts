// Requests per second through the gateway, as a share of a peer that is measured beside it in the same round: what resilience costs. With
// every policy on, against the same gateway with none but timeouts; and that, and the same with every service on, against the same route
// written by hand with fastify and undici. The order within a pair alternates, so that a busy machine slows both alike; a share is the
// median over the rounds.
//
//   autocannon ──▶ gateway, every policy and service ──┐
//   autocannon ──▶ gateway, every policy ──────────────┤
//   autocannon ──▶ gateway, no policy ─────────────────┼──▶ static server        each a process of its own
//   autocannon ──▶ route by hand ──────────────────────┘
import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { promisify } from 'node:util'
import { startRole } from '../../src/kernel/process/start-role.ts'
import type { BenchServerConfig, BenchServerInfo } from './gateway/server.ts'
import type { StaticServerInfo } from './load/static-server.ts'

const ROUNDS = 7
const SECONDS = 2
const CONNECTIONS = 50

type Kind = BenchServerConfig['kind']

const names: Record<Kind, string> = {
  policed: 'the gateway with every policy',
  served: 'the gateway with every policy and service',
  bare: 'the gateway without policies',
  route: 'the route by hand',
}

/** Who is compared with whom, and the share that must be reached. */
const pairs: { of: Kind; with: Kind; goal: number }[] = [
  { of: 'policed', with: 'bare', goal: 0.9 },
  { of: 'policed', with: 'route', goal: 0.9 },
  { of: 'served', with: 'route', goal: 0.85 },
]

interface Run {
  requests: { average: number }
  non2xx: number
  errors: number
}

await using upstream = await startRole<StaticServerInfo>('static server', new URL('load/static-server.ts', import.meta.url), null)
const start = (kind: Kind) => {
  const config: BenchServerConfig = { kind, upstream: upstream.info.url }
  return startRole<BenchServerInfo>(kind, new URL('gateway/server.ts', import.meta.url), config)
}
await using policed = await start('policed')
await using served = await start('served')
await using bare = await start('bare')
await using route = await start('route')
const servers = { policed, served, bare, route }

for (const { info } of Object.values(servers)) await rate(info.url)
const shares = pairs.map((): number[] => [])
for (let round = 1; round <= ROUNDS; round++) {
  for (const [at, pair] of pairs.entries()) {
    const reached = new Map<Kind, number>()
    for (const kind of round % 2 === 0 ? [pair.with, pair.of] : [pair.of, pair.with]) reached.set(kind, await rate(servers[kind].info.url))
    const share = reached.get(pair.of)! / reached.get(pair.with)!
    shares[at]!.push(share)
    console.log(`round ${round}: ${names[pair.of]} ${perSecond(reached.get(pair.of)!)} = ${share.toFixed(2)} × ${names[pair.with]}`)
  }
}

for (const [at, { of, with: peer, goal }] of pairs.entries()) {
  const share = shares[at]!.toSorted((a, b) => a - b)[Math.floor(ROUNDS / 2)]!
  console.log(`${names[of]}: ${share.toFixed(2)} × ${names[peer]} (goal ≥ ${goal})`)
  if (share < goal) process.exitCode = 1
}

/** Requests per second, by autocannon in a process of its own. @throws Error when an answer was not good */
async function rate(target: string): Promise<number> {
  const autocannon = createRequire(import.meta.url).resolve('autocannon')
  const flags = ['--json', '--no-progress', '-c', String(CONNECTIONS), '-d', String(SECONDS)]
  const { stdout } = await promisify(execFile)(process.execPath, [autocannon, ...flags, target])
  const { requests, non2xx, errors } = JSON.parse(stdout) as Run
  if (non2xx > 0 || errors > 0) throw new Error(`${target}: ${non2xx} answers were not good, ${errors} failed`)
  return requests.average
}

function perSecond(count: number): string {
  return `${Math.round(count).toLocaleString('en')}/s`
}
