// A process beside the conductor that holds what must not outlive the run. It lets go when it is told to stop, or when the
// conductor is gone, however it went (see the leash in kernel/process/role.ts).
//
//   server     a Toxiproxy process of this machine: killed
//   container  a Toxiproxy container: removed
//   proxies    this run's proxies on a server shared with others: deleted; nothing else is touched
import type { Ms } from '../../kernel/clock.ts'
import { serveRole } from '../../kernel/process/role.ts'
import { holdContainer } from './container.ts'
import type { Held, HeldInfo, HoldConfig } from './held.ts'
import { holdProxies } from './proxies.ts'
import { holdServer } from './server.ts'

// Nobody else releases what this process fails to release. So it may take long: an image may still be on its way, or a server far away.
const LEASH: Ms = 90_000

serveRole<HoldConfig, HeldInfo>(
  async (config) => {
    const held = await hold(config)
    return { info: held.info, stop: () => held.release(), hear: (proxy) => held.expect?.(proxy as string) }
  },
  { leashMs: LEASH },
)

function hold(config: HoldConfig): Promise<Held> {
  if (config.hold === 'server') return holdServer(config.program)
  if (config.hold === 'container') return holdContainer(config.image)
  return holdProxies(config.url, config.prefix)
}
