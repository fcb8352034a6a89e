// Holds this run's proxies on a server shared with others. The prefix of their names tells them from those of others.
import { connectToxiproxy } from '../client/client.ts'
import type { Held } from './held.ts'

export async function holdProxies(url: string, prefix: string): Promise<Held> {
  const client = await connectToxiproxy(url, { prefix })
  const expected = new Set<string>()
  const remove = async (names: Iterable<string>): Promise<void> => {
    await Promise.allSettled(Array.from(names, (name) => client.removeProxy(name)))
  }
  return {
    info: { url: client.url, pids: [] },
    expect: (name) => void expected.add(name),
    async release() {
      // Delete by expected name first: while a proxy blocks on a slow receiver, the original's `GET /proxies` hangs, but
      // `DELETE /proxies/{name}` works.
      await remove(expected)
      await remove(await client.proxies())
    },
  }
}
