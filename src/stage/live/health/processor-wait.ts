// How long threads that could run waited for a processor, by the kernel's own account. Others than the gateway took it, unless it burns
// the cores itself. Without Linux, nothing is known.
import { readFile, readdir } from 'node:fs/promises'
import type { Ms } from '../../../kernel/clock.ts'

/** By thread: how long it has waited since it was started. */
export type ThreadWaits = ReadonlyMap<string, Ms>

/** Of all threads of these processes; empty where the kernel does not tell. */
export async function threadWaits(pids: readonly number[]): Promise<ThreadWaits> {
  const folders = await Promise.all(
    pids.map(async (pid) => {
      const threads = await readdir(`/proc/${pid}/task`).catch(() => [])
      return threads.map((thread) => `/proc/${pid}/task/${thread}`)
    }),
  )
  const waits = await Promise.all(
    folders.flat().map(async (folder) => [folder, parseWait(await readFile(`${folder}/schedstat`, 'utf8').catch(() => ''))] as const),
  )
  return new Map(waits.flatMap(([folder, wait]) => (wait === undefined ? [] : [[folder, wait]])))
}

/** /proc/{pid}/task/{thread}/schedstat: time on a processor, time waiting for one, both in nanoseconds, and how often it ran. */
export function parseWait(schedstat: string): Ms | undefined {
  const [, wait] = /^\d+ (\d+) \d+$/m.exec(schedstat) ?? []
  return wait === undefined ? undefined : Number(wait) / 1e6
}

/**
 * The longest that one thread waited from one account to the next. No sum: threads that wait at one time hold up a request once.
 * A thread that is new has waited since then. Undefined where nothing is known.
 */
export function longestWait(before: ThreadWaits, after: ThreadWaits): Ms | undefined {
  const waited = [...after].map(([thread, wait]) => wait - (before.get(thread) ?? 0))
  return waited.length === 0 ? undefined : Math.max(0, ...waited)
}
