// Holds this run's proxies on a server shared with others; they are told by the prefix of their names.
import { connectToxiproxy } from '../client.ts'
import type { Held } from '../lease.ts'

export async function holdProxies(url: string, prefix: string): Promise<Held> {
  const control = await connectToxiproxy(url, { prefix })
  return {
    info: { url: control.url, pids: [] },
    async release() {
      for (const name of await control.proxies()) await control.removeProxy(name)
    },
  }
}
