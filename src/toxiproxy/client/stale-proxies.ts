// Names of our proxies on shared servers say whose they are, so that what a dead run left behind can be told from what a
// living one, another machine or another user has there.
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

/** Proxies on the server that a dead conductor of this machine left behind. @throws GatecrashError as `connectToxiproxy` */
export async function findLeftovers(url: string): Promise<string[]> {
  const control = await connectToxiproxy(url)
  return (await control.proxies()).filter(isLeftover)
}

/** Removes them, and returns their names. @throws GatecrashError as `connectToxiproxy` */
export async function removeLeftovers(url: string): Promise<string[]> {
  const control = await connectToxiproxy(url)
  const names = (await control.proxies()).filter(isLeftover)
  for (const name of names) await control.removeProxy(name)
  return names
}

function isLeftover(name: string): boolean {
  const [, host, pid] = OURS.exec(name) ?? []
  return host === thisHost() && !isAlive(Number(pid))
}

function thisHost(): string {
  return createHash('sha256').update(hostname()).digest('hex').slice(0, 8)
}
