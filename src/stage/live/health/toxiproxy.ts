// Watches whether the Toxiproxy server of a run still runs. Without it, every gateway would look as if it failed.
import type { Ms } from '../../../kernel/clock.ts'
import { isAlive } from '../../../kernel/process/is-alive.ts'
import { repeatedly } from '../../../kernel/poll.ts'
import type { ToxiproxyBackend } from '../../../toxiproxy/backends/backend.ts'

const EVERY: Ms = 500
/** A server that is no process of this machine may be slow to answer. After so many silences in a row it is gone. */
const SILENCES = 4

/** Calls `gone` once when the server is gone, unless disposed before. */
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
