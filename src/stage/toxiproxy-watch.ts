// Whether the Toxiproxy server of a run is still there, whichever it is: without one, every gateway looks as if it failed.
import { type Ms, realClock } from '../kernel/clock.ts'
import type { ToxiproxyBackend } from '../toxiproxy/backend.ts'

const EVERY: Ms = 500
/** A server that we cannot see as a process may be slow to answer; it is gone when it is silent so many times in a row. */
const SILENCES = 4

/** Calls `gone` once, when it is; until disposed. */
export function watchToxiproxy(
  { pids, control }: Pick<ToxiproxyBackend, 'pids'> & { control: Pick<ToxiproxyBackend['control'], 'version'> },
  gone: () => void,
): Disposable {
  let stopped = false
  let silences = 0
  let cancel = (): void => {}
  const isGone = async (): Promise<boolean> => {
    if (pids.length > 0) return !pids.every(isAlive)
    silences = await control.version().then(
      () => 0,
      () => silences + 1,
    )
    return silences >= SILENCES
  }
  const look = async (): Promise<void> => {
    const dead = await isGone()
    if (stopped) return
    if (dead) gone()
    else cancel = realClock.after(EVERY, () => void look())
  }
  void look()
  return {
    [Symbol.dispose]() {
      stopped = true
      cancel()
    },
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // A process of somebody else is one too.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
