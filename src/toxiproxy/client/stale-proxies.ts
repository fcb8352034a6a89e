// Proxies that a dead run left on a shared server. A proxy's name says whose it is, so that it can be told from one of a living
// run, of another machine or of another user.
//
//   gatecrash-5f3a09c1-4711-r42-gemini         host, process id of the conductor, run, proxy
import { createHash } from 'node:crypto'
import { hostname } from 'node:os'
import { isAlive } from '../../kernel/process/is-alive.ts'
import { connectToxiproxy } from './client.ts'

const OURS = /^gatecrash-([0-9a-f]{8})-(\d+)-/

/** What all proxy names of this run begin with. */
export function runPrefix(runId: string): string {
  return `gatecrash-${thisHost()}-${process.pid}-${runId}-`
}

/**
 * Removes the proxies whose conductor ran on this machine and is dead, and returns their names.
 * @throws GatecrashError as `connectToxiproxy`
 */
export async function removeStaleProxies(url: string): Promise<string[]> {
  const client = await connectToxiproxy(url)
  const names = (await client.proxies()).filter(isStale)
  for (const name of names) await client.removeProxy(name)
  return names
}

function isStale(name: string): boolean {
  const [, host, pid] = OURS.exec(name) ?? []
  return host === thisHost() && !isAlive(Number(pid))
}

function thisHost(): string {
  return createHash('sha256').update(hostname()).digest('hex').slice(0, 8)
}
