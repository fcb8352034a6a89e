// A Toxiproxy that already runs, and that others may use too. Only what this run makes is changed and removed.
import { removeStaleProxies, runPrefix } from '../client/stale-proxies.ts'
import type { BackendOptions, ToxiproxyBackend } from './backend.ts'
import { startHeld } from './start-held.ts'

export async function running({ runId }: BackendOptions, url: string): Promise<ToxiproxyBackend> {
  await removeStaleProxies(url)
  const prefix = runPrefix(runId)
  return startHeld('url', { hold: 'proxies', url, prefix }, { prefix })
}
