// Toxiproxy's image in a container.
import { type Addresses, loopback } from './address-translation.ts'
import type { StartBackend } from './backend.ts'
import type { HeldInfo } from '../held/held.ts'
import { GatecrashError } from '../../kernel/errors.ts'
import { startHeld } from './start-held.ts'

export const IMAGE = 'ghcr.io/shopify/toxiproxy:2.12.0'

export const docker: StartBackend = (_, image = IMAGE) => startHeld('docker', { hold: 'container', image }, { translate: throughPorts })

/** Addresses of a container with published ports. In the machine's own network (no `ports`) nothing has to be translated. */
export function throughPorts({ url, ports }: Pick<HeldInfo, 'url' | 'ports'>): Addresses {
  if (!ports) return loopback
  const free = Object.keys(ports)
  return {
    listen() {
      const port = free.shift()
      // The server reports 0.0.0.0 as [::], and would then take 0.0.0.0 for a change.
      if (port !== undefined) return `[::]:${port}`
      throw new GatecrashError(
        'unsupported_backend',
        `the container publishes ${Object.keys(ports).length} ports, all in use; use --toxiproxy embedded`,
      )
    },
    upstream: (here) => here.replace(/^(127\.0\.0\.1|localhost)(?=:)/, 'host.docker.internal'),
    reach(there) {
      const inside = there.slice(there.lastIndexOf(':') + 1)
      return `${new URL(url).hostname}:${ports[inside] ?? inside}`
    },
  }
}
