// A front before a Toxiproxy that is not ours: our server, without toxics, sees what the gateway attempts.
//
//   gateway ──▶ front ──▶ the other Toxiproxy's listener ──▶ upstream
//
// Resets, and half-closes of the gateway, travel through it as they are. While the other one refuses connections, so does the front.
import { isForNewConnections } from '../client/client.ts'
import type { NetworkFault } from '../../faults/network/networks.ts'
import type { BackendOptions, ToxiproxyBackend } from './backend.ts'
import { embedded } from './embedded.ts'

const down: NetworkFault = { is: 'down' }

/** The backend `behind` with a front before each of its proxies. It owns `behind`, also when it rejects. */
export async function withFront(behind: ToxiproxyBackend, { seed, onLines }: BackendOptions): Promise<ToxiproxyBackend> {
  const front = await embedded({ seed, front: true, ...(onLines && { onLines }) }, { relay: true }).catch(async (error: unknown) => {
    await behind.stop()
    throw error
  })
  const stop = async (): Promise<void> => {
    await Promise.all([front.stop(), behind.stop()])
  }
  const control: ToxiproxyBackend['control'] = {
    ...behind.control,
    async createProxy({ listen, ...request }) {
      const { listen: upstream } = await behind.control.createProxy(request)
      return front.control.createProxy({ name: request.name, upstream, ...(listen !== undefined && { listen }) })
    },
    async addFault(proxy, id, fault) {
      if (fault.is !== 'down' && !isForNewConnections(fault)) return behind.control.addFault(proxy, id, fault)
      // The front closes first, or it would accept connections that nobody takes.
      await front.control.addFault(proxy, id, down)
      let isDown = false
      try {
        await behind.control.addFault(proxy, id, fault)
        isDown = fault.is === 'down'
      } finally {
        if (!isDown) await front.control.removeFault(proxy, id, down)
      }
    },
    async removeFault(proxy, id, fault) {
      await behind.control.removeFault(proxy, id, fault)
      if (fault.is === 'down') await front.control.removeFault(proxy, id, down)
    },
    async removeProxy(name) {
      await front.control.removeProxy(name)
      await behind.control.removeProxy(name)
    },
  }
  return { ...behind, control, pids: [...behind.pids, ...front.pids], stop, [Symbol.asyncDispose]: stop }
}
