// What the backends that are not ours have in common: a lease holds them, a control speaks to them.
import { startRole } from '../../kernel/process/start-role.ts'
import type { Ms } from '../../kernel/clock.ts'
import { moduleBeside } from '../../kernel/process/sibling-module.ts'
import { type Addresses, loopback } from './address-translation.ts'
import type { ToxiproxyBackend } from './backend.ts'
import { connectToxiproxy, type ConnectOptions, type ToxiproxyControl } from '../client/client.ts'
import type { LeaseConfig, LeaseInfo } from '../held/held.ts'

const READY_WITHIN: Ms = 90_000
// A shared server may be far away, and an engine slow to remove a container.
const STOP_WITHIN: Ms = 15_000

export async function startLeased(
  kind: ToxiproxyBackend['kind'],
  config: LeaseConfig,
  options: ConnectOptions & { translate?: (info: LeaseInfo) => Addresses } = {},
): Promise<ToxiproxyBackend> {
  const lease = await startRole<LeaseInfo>('toxiproxy lease', moduleBeside(import.meta, '../held/role'), config, {
    readyWithinMs: READY_WITHIN,
    stopWithinMs: STOP_WITHIN,
    ownGroup: true,
  })
  try {
    const { url, pids } = lease.info
    const addresses = options.translate?.(lease.info) ?? loopback
    const connected = await connectToxiproxy(url, { ...options, addresses })
    const control: ToxiproxyControl = {
      ...connected,
      createProxy(request) {
        lease.tell(request.name)
        return connected.createProxy(request)
      },
    }
    const version = await control.version()
    const stop = (): Promise<void> => lease.stop()
    return { kind, url, version, addresses, control, pids: [lease.pid, ...pids], stop, [Symbol.asyncDispose]: stop }
  } catch (error) {
    await lease.stop()
    throw error
  }
}
