// A process that outlives the conductor by a few seconds, to undo what a dead conductor can no longer undo.
// It is told what to undo over IPC; when the channel closes without a release, it ends those processes and sends those requests.
import { realClock } from '../../kernel/clock.ts'
import { endMarked } from './stray-processes.ts'

export type LeaseMessage =
  | { do: 'watch_group'; pid: number; mark: string }
  | { do: 'forget_group'; pid: number }
  /** A request that takes something back, such as deleting a proxy on a shared Toxiproxy. */
  | { do: 'undo'; id: string; method: string; url: string }
  | { do: 'done'; id: string }
  | { do: 'release' }

const GRACE_MS = 1500

/** The mark of each group, by the pid of its leader. */
const groups = new Map<number, string>()
const undos = new Map<string, { method: string; url: string }>()

process.on('message', (message: LeaseMessage) => {
  if (message.do === 'watch_group') groups.set(message.pid, message.mark)
  else if (message.do === 'forget_group') groups.delete(message.pid)
  else if (message.do === 'undo') undos.set(message.id, { method: message.method, url: message.url })
  else if (message.do === 'done') undos.delete(message.id)
  else process.exit(0)
})
process.on('disconnect', () => void undoAll())
// Signals to the process group are the conductor's business; this process ends when the conductor does.
process.on('SIGINT', () => {})
process.on('SIGTERM', () => {})

async function undoAll(): Promise<void> {
  for (const pid of groups.keys()) signal(pid, 'SIGTERM')
  const sent = Promise.allSettled([...undos.values()].map(({ method, url }) => fetch(url, { method })))
  const grace = realClock.sleep(GRACE_MS)
  await (groups.size > 0 ? grace : Promise.race([sent, grace]))
  for (const pid of groups.keys()) signal(pid, 'SIGKILL')
  await Promise.all([...groups.values()].map((mark) => endMarked(mark)))
  process.exit(0)
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(-pid, name)
  } catch {
    // The group has ended by itself.
  }
}
