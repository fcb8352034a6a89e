// Our own server as a process of its own. There is nothing to install, and its decisions replay from the seed.
import { startRole } from '../../kernel/process/start-role.ts'
import { moduleBeside } from '../../kernel/process/sibling-module.ts'
import type { BackendOptions, ToxiproxyBackend } from './backend.ts'
import { connectToxiproxy } from '../client/client.ts'
import type { ToxiproxyRoleConfig, ToxiproxyRoleInfo } from '../role.ts'

/** `relay`: the server stands before another Toxiproxy (proxy/connection.ts). */
export async function embedded(
  { seed, onLines, front = false }: Pick<BackendOptions, 'seed' | 'onLines' | 'front'>,
  { relay = false }: { relay?: boolean } = {},
): Promise<ToxiproxyBackend> {
  const config: ToxiproxyRoleConfig = { port: 0, seed, front, relay }
  const role = await startRole<ToxiproxyRoleInfo>('toxiproxy', moduleBeside(import.meta, '../role'), config, onLines ? { onLines } : {})
  const stop = (): Promise<void> => role.stop()
  try {
    const control = await connectToxiproxy(role.info.url)
    const version = await control.version()
    const { url } = role.info
    return { kind: 'embedded', url, version, control, pids: [role.pid], stop, [Symbol.asyncDispose]: stop }
  } catch (error) {
    await stop()
    throw error
  }
}
