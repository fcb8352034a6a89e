// A Toxiproxy that already runs, and that others may use too. Only what this run makes is changed and removed.
import { GatecrashError } from '../../kernel/errors.ts'
import { removeStaleProxies, runPrefix } from '../client/stale-proxies.ts'
import type { BackendOptions, ToxiproxyBackend } from './backend.ts'
import { startHeld } from './start-held.ts'

export async function running({ runId }: BackendOptions, url: string): Promise<ToxiproxyBackend> {
  // fetch refuses such an address, and would repeat it in its message.
  const { username = '', password = '' } = URL.parse(url) ?? {}
  if (username !== '' || password !== '')
    throw new GatecrashError('usage', 'the URL of a Toxiproxy must not carry a user or a password: its API knows none; leave them out')
  await removeStaleProxies(url)
  const prefix = runPrefix(runId)
  return startHeld('url', { hold: 'proxies', url, prefix }, { prefix })
}
