// Requests per second through the gateway with every policy switched on, as a share of the same gateway with none but timeouts, and
// of the same route written by hand with fastify and undici: what resilience costs. Rounds alternate, so that a busy machine slows
// all alike; a share is the median over the rounds.
//
//   autocannon ──▶ gateway, every policy ──┐
//   autocannon ──▶ gateway, no policy ─────┼──▶ static server        each a process of its own
//   autocannon ──▶ route by hand ──────────┘
import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { promisify } from 'node:util'
import { startRole } from '../../src/kernel/process/start-role.ts'
import type { BenchServerConfig, BenchServerInfo } from './gateway/server.ts'
import type { StaticServerInfo } from './load/static-server.ts'

const GOAL = 0.9
const ROUNDS = 7
const SECONDS = 2
const CONNECTIONS = 50

interface Run {
  requests: { average: number }
  non2xx: number
  errors: number
}

await using upstream = await startRole<StaticServerInfo>('static server', new URL('load/static-server.ts', import.meta.url), null)
const start = (kind: BenchServerConfig['kind']) => {
  const config: BenchServerConfig = { kind, upstream: upstream.info.url }
  return startRole<BenchServerInfo>(kind, new URL('gateway/server.ts', import.meta.url), config)
}
await using policed = await start('policed')
await using bare = await start('bare')
await using route = await start('route')
const peers = { 'the gateway without policies': bare, 'the route by hand': route }

for (const server of [policed, bare, route]) await rate(server.info.url)
const shares: Record<string, number[]> = {}
for (let round = 1; round <= ROUNDS; round++) {
  const reached = await rate(policed.info.url)
  const seen: string[] = []
  for (const [name, peer] of Object.entries(peers)) {
    const share = reached / (await rate(peer.info.url))
    ;(shares[name] ??= []).push(share)
    seen.push(`${share.toFixed(2)} × ${name}`)
  }
  console.log(`round ${round}: every policy on ${perSecond(reached)} = ${seen.join(' = ')}`)
}

for (const [name, rounds] of Object.entries(shares)) {
  const share = rounds.toSorted((a, b) => a - b)[Math.floor(ROUNDS / 2)]!
  console.log(`gateway, every policy on: ${share.toFixed(2)} × ${name} (goal ≥ ${GOAL})`)
  if (share < GOAL) process.exitCode = 1
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
