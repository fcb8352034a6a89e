// What the backends that are not ours have in common: a lease holds them, a control speaks to them.
import { startRole } from '../../kernel/child.ts'
import { moduleBeside } from '../../kernel/module-beside.ts'
import { type Addresses, loopback } from '../addresses.ts'
import type { ToxiproxyBackend } from '../backend.ts'
import { connectToxiproxy, type ConnectOptions } from '../client.ts'
import type { LeaseConfig, LeaseInfo } from '../lease.ts'

export async function startLeased(
  kind: ToxiproxyBackend['kind'],
  config: LeaseConfig,
  options: ConnectOptions & { translate?: (info: LeaseInfo) => Addresses } = {},
): Promise<ToxiproxyBackend> {
  const lease = await startRole<LeaseInfo>('toxiproxy lease', moduleBeside(import.meta, '../lease'), config, { readyWithinMs: 90_000 })
  try {
    const { url, pids } = lease.info
    const addresses = options.translate?.(lease.info) ?? loopback
    const control = await connectToxiproxy(url, { ...options, addresses })
    const version = await control.version()
    const stop = (): Promise<void> => lease.stop()
    return { kind, url, version, addresses, control, pids: [lease.pid, ...pids], stop, [Symbol.asyncDispose]: stop }
  } catch (error) {
    await lease.stop()
    throw error
  }
}
