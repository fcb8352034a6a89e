// Holds this run's proxies on a server shared with others; they are told by the prefix of their names.
import { connectToxiproxy } from '../client/client.ts'
import type { Held } from './held.ts'

export async function holdProxies(url: string, prefix: string): Promise<Held> {
  const control = await connectToxiproxy(url, { prefix })
  const expected = new Set<string>()
  const remove = async (names: Iterable<string>): Promise<void> => {
    await Promise.allSettled(Array.from(names, (name) => control.removeProxy(name)))
  }
  return {
    info: { url: control.url, pids: [] },
    expect: (name) => void expected.add(name),
    async release() {
      // Not by the list alone: while one proxy waits for a receiver that does not read, the original lists none, yet deletes any.
      await remove(expected)
      await remove(await control.proxies())
    },
  }
}
