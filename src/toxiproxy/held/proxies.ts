// Holds this run's proxies on a server shared with others. The prefix of their names tells them from those of others.
import { connectToxiproxy, type ToxiproxyClient } from '../client/client.ts'
import type { Held } from './held.ts'

export async function holdProxies(url: string, prefix: string): Promise<Held> {
  const client = await connectToxiproxy(url, { prefix })
  const expected = new Set<string>()
  return {
    info: { url: client.url, pids: [] },
    expect: (name) => void expected.add(name),
    release: () => removeProxies(client, expected),
  }
}

/** Removes every proxy under the client's prefix. `expected`: names of those that may be there. Never rejects. */
export async function removeProxies(client: ToxiproxyClient, expected: Iterable<string>): Promise<void> {
  const remove = async (names: Iterable<string>): Promise<void> => {
    await Promise.allSettled(Array.from(names, (name) => client.removeProxy(name)))
  }
  // Delete by expected name first: while a proxy blocks on a slow receiver, the original's `GET /proxies` hangs, but
  // `DELETE /proxies/{name}` works.
  await remove(expected)
  await remove(await client.proxies().catch(() => []))
}
