// The keeper's process. It ends what it was told to keep when it is told to stop, or when the conductor is gone, however it went.
import { rm } from 'node:fs/promises'
import { type Ms, realClock } from '../clock.ts'
import { groupEnded, signalGroup } from './group.ts'
import { isAlive, startTimeOf } from './is-alive.ts'
import type { ToKeeper } from './keeper.ts'
import { KEPT_TIMEOUT, type Kept } from './kept.ts'
import { serveRole } from './role.ts'
import { endMarked } from './stray-processes.ts'

// Longer than anything that is kept may take.
const LEASH: Ms = 120_000
const LOOK_EVERY: Ms = 20

type KeptProcess = Exclude<Kept, { is: 'folder' }>

/** `startTime`: a later process with the same pid is somebody else's. */
type Known = KeptProcess & { startTime: string | undefined }

const all = new Map<number, Known>()
const folders = new Map<number, string>()

serveRole<null, null>(
  () =>
    Promise.resolve({
      info: null,
      // Only the conductor speaks on this channel.
      hear(message) {
        const told = message as ToKeeper
        if (told.do === 'forget') {
          all.delete(told.id)
          folders.delete(told.id)
        } else if (told.kept.is === 'folder') folders.set(told.id, told.kept.path)
        else all.set(told.id, { ...told.kept, startTime: startTimeOf(told.kept.pid) })
      },
      stop: async () => {
        await Promise.allSettled([...all.values()].map(end))
        await Promise.allSettled([...folders.values()].map((path) => rm(path, { recursive: true, force: true })))
      },
    }),
  // A SIGTERM for every process of the machine is the conductor's to answer.
  { leashMs: LEASH, endsOnSigterm: false },
)

async function end(known: Known): Promise<void> {
  const { pid, withinMs = KEPT_TIMEOUT } = known
  if (known.is === 'process') {
    if (!isSame(known)) return
    signal(pid, 'SIGTERM')
    signal(pid, 'SIGCONT')
    for (const deadline = realClock.now() + withinMs; realClock.now() < deadline && isAlive(pid);) await realClock.sleep(LOOK_EVERY)
    if (isSame(known)) signal(pid, 'SIGKILL')
    return
  }
  // Members may outlive their leader; then its pid is not given to another process.
  if (!isAlive(pid) || isSame(known)) {
    signalGroup(pid, 'SIGTERM')
    // A process that is stopped hears SIGTERM only when it goes on.
    signalGroup(pid, 'SIGCONT')
    await groupEnded(pid, withinMs)
    signalGroup(pid, 'SIGKILL')
  }
  await endMarked(known.mark)
}

function isSame({ pid, startTime }: Known): boolean {
  return isAlive(pid) && startTimeOf(pid) === startTime
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name)
  } catch {
    // It has ended by itself.
  }
}
