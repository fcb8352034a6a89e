// Whether the Toxiproxy server of a run is still there, whichever it is: without one, every gateway looks as if it failed.
import type { Ms } from '../../../kernel/clock.ts'
import { isAlive } from '../../../kernel/process/is-alive.ts'
import { repeatedly } from '../../../kernel/poll.ts'
import type { ToxiproxyBackend } from '../../../toxiproxy/backends/backend.ts'

const EVERY: Ms = 500
/** A server that we cannot see as a process may be slow to answer; it is gone when it is silent so many times in a row. */
const SILENCES = 4

/** Calls `gone` once, when it is; until disposed. */
export function watchToxiproxy(
  { pids, control }: Pick<ToxiproxyBackend, 'pids'> & { control: Pick<ToxiproxyBackend['control'], 'version'> },
  gone: () => void,
): Disposable {
  let silences = 0
  const isGone = async (): Promise<boolean> => {
    if (pids.length > 0) return !pids.every(isAlive)
    silences = await control.version().then(
      () => 0,
      () => silences + 1,
    )
    return silences >= SILENCES
  }
  return repeatedly(EVERY, async (stopped) => {
    if (!(await isGone())) return 'again'
    if (!stopped()) gone()
    return 'enough'
  })
}
