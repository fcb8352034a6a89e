// A Toxiproxy that is running already, and may be shared with others: only what this run makes is touched and removed.
import { removeLeftovers, runPrefix } from '../client/stale-proxies.ts'
import type { BackendOptions, ToxiproxyBackend } from './backend.ts'
import { startLeased } from './held.ts'

export async function running({ runId }: BackendOptions, url: string): Promise<ToxiproxyBackend> {
  await removeLeftovers(url)
  const prefix = runPrefix(runId)
  return startLeased('url', { hold: 'proxies', url, prefix }, { prefix })
}
