// What the backends that are not ours have in common: a process beside the run holds them (held/), and a client speaks to them.
import { startRole } from '../../kernel/process/start-role.ts'
import type { Ms } from '../../kernel/clock.ts'
import { moduleBeside } from '../../kernel/process/sibling-module.ts'
import { type Addresses, loopback } from './address-translation.ts'
import type { ToxiproxyBackend } from './backend.ts'
import { connectToxiproxy, type ConnectOptions, type ToxiproxyClient } from '../client/client.ts'
import type { HoldConfig, HeldInfo } from '../held/held.ts'
import { removeProxies } from '../held/proxies.ts'

const READY_TIMEOUT: Ms = 90_000
/** How long a holder may take to let go. An engine is slow to remove a container. */
const STOP_TIMEOUT: Readonly<Record<HoldConfig['hold'], Ms>> = { server: 2000, container: 15_000, proxies: 2000 }

export async function startHeld(
  kind: ToxiproxyBackend['kind'],
  config: HoldConfig,
  options: ConnectOptions & { translate?: (info: HeldInfo) => Addresses } = {},
): Promise<ToxiproxyBackend> {
  const holder = await startRole<HeldInfo>('toxiproxy holder', moduleBeside(import.meta, '../held/role'), config, {
    readyWithinMs: READY_TIMEOUT,
    stopWithinMs: STOP_TIMEOUT[config.hold],
    ownGroup: true,
  })
  try {
    const { url, pids } = holder.info
    const addresses = options.translate?.(holder.info) ?? loopback
    const connected = await connectToxiproxy(url, { ...options, addresses })
    const made = new Set<string>()
    const control: ToxiproxyClient = {
      ...connected,
      createProxy(request) {
        made.add(request.name)
        holder.tell(request.name)
        return connected.createProxy(request)
      },
    }
    const version = await control.version()
    const stop = async (): Promise<void> => {
      // The holder may have been killed, or stopped. What a client can remove, this process removes itself.
      if (config.hold === 'proxies') await removeProxies(connected, made)
      await holder.stop()
    }
    return { kind, url, version, control, pids: [holder.pid, ...pids], stop, [Symbol.asyncDispose]: stop }
  } catch (error) {
    await holder.stop()
    throw error
  }
}
