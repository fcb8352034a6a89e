// Our own server as a process of its own: nothing to install, and it replays from the seed.
import { startRole } from '../../kernel/process/start-role.ts'
import { moduleBeside } from '../../kernel/process/sibling-module.ts'
import { loopback } from './address-translation.ts'
import type { StartBackend } from './backend.ts'
import { connectToxiproxy } from '../client/client.ts'
import type { ToxiproxyRoleConfig, ToxiproxyRoleInfo } from '../role.ts'

export const embedded: StartBackend = async ({ seed, onLines }) => {
  const config: ToxiproxyRoleConfig = { port: 0, seed }
  const role = await startRole<ToxiproxyRoleInfo>('toxiproxy', moduleBeside(import.meta, '../role'), config, onLines ? { onLines } : {})
  const control = await connectToxiproxy(role.info.url)
  const version = await control.version()
  return {
    kind: 'embedded',
    url: role.info.url,
    version,
    addresses: loopback,
    control,
    pids: [role.pid],
    stop: () => role.stop(),
    [Symbol.asyncDispose]: () => role.stop(),
  }
}
