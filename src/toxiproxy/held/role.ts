// A lease: a process beside the conductor that holds what must not outlive the run, and undoes it when told to stop or
// when the conductor is gone, however it went (see the leash in ../kernel/role.ts).
//
//   server     a Toxiproxy process of the machine: killed
//   container  a Toxiproxy container: removed
//   proxies    this run's proxies on a server shared with others: deleted, nothing else is touched
import type { Ms } from '../../kernel/clock.ts'
import { serveRole } from '../../kernel/process/role.ts'
import type { Held, LeaseConfig, LeaseInfo } from './held.ts'
import { holdContainer } from './container.ts'
import { holdProxies } from './proxies.ts'
import { holdServer } from './server.ts'

// What is left undone stays for good, so there is time: for an image that is still being fetched, or a server that is far away.
const LEASH: Ms = 90_000

serveRole<LeaseConfig, LeaseInfo>(
  async (config) => {
    const held = await hold(config)
    return { info: held.info, stop: () => held.release(), hear: (proxy) => held.expect?.(proxy as string) }
  },
  { leashMs: LEASH },
)

function hold(config: LeaseConfig): Promise<Held> {
  if (config.hold === 'server') return holdServer(config.program)
  if (config.hold === 'container') return holdContainer(config.image)
  return holdProxies(config.url, config.prefix)
}
