// What must not outlive the conductor, as the keeper is told of it.
import type { Ms } from '../clock.ts'

export type Kept =
  /** A process alone, such as a role. */
  | { is: 'process'; pid: number; withinMs?: Ms }
  /** The group that `pid` leads, and whatever has `mark` (`NAME=value`) in its environment although it left the group. */
  | { is: 'group'; pid: number; mark: string; withinMs?: Ms }
  /** A folder with what nobody may read afterwards. It goes when the processes have ended. */
  | { is: 'folder'; path: string }

/** From now on, `kept` ends when the conductor does. The returned function takes that back: it has ended. */
export type Keep = (kept: Kept) => () => void

/** How long what is kept may take to end when asked, unless it says otherwise. */
export const KEPT_TIMEOUT: Ms = 1500
