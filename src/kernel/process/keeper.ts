// The conductor's side of the keeper: one process beside the conductor that ends what the conductor left behind.
//
//   conductor ── keep, forget ──▶ keeper        told as data, over the channel of a role
//   conductor ✝ ─────────────────▶ keeper ── SIGTERM, SIGKILL ──▶ what is still kept
import type { Ms } from '../clock.ts'
import type { Keep, Kept } from './kept.ts'
import { moduleBeside } from './sibling-module.ts'
import { startRole } from './start-role.ts'

export interface Keeper extends AsyncDisposable {
  readonly pid: number
  readonly keep: Keep
  /** Ends what is still kept, then the keeper. Takes 5 s at most. */
  stop(): Promise<void>
}

export type ToKeeper = { do: 'keep'; id: number; kept: Kept } | { do: 'forget'; id: number }

const STOP_TIMEOUT: Ms = 5000

/** A keeper that is itself killed takes nothing with it: the conductor then ends what it started, as it does anyway. */
export async function startKeeper(): Promise<Keeper> {
  // A group of its own: a terminal's Ctrl-C and a kill of the conductor's group must not reach it.
  const role = await startRole('keeper', moduleBeside(import.meta, './keeper-role'), null, { ownGroup: true, stopWithinMs: STOP_TIMEOUT })
  const tell = (message: ToKeeper): void => role.tell(message)
  let lastId = 0
  return {
    pid: role.pid,
    keep(kept) {
      const id = ++lastId
      tell({ do: 'keep', id, kept })
      return () => tell({ do: 'forget', id })
    },
    stop: () => role.stop(),
    [Symbol.asyncDispose]: () => role.stop(),
  }
}
