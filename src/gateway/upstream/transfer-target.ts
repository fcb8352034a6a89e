// Where transfers go: connections, and what all of them share.
import type { Dispatcher } from 'undici'
import type { Clock, Ms } from '../../kernel/clock.ts'
import type { Deadlines } from './deadlines.ts'
import type { InternalToken } from './internal-token.ts'

/** For the transfers of all upstreams. */
export interface TransferSettings {
  clock: Clock
  deadlines: Deadlines
  /** Up to so much of an answer is held back. */
  commitBytes: number
  /** Longest silence of a stream, and of a client that does not read on. */
  streamIdle: Ms
}

/** For the transfers of one upstream. */
export interface TransferTarget {
  readonly pool: Dispatcher
  readonly transfers: TransferSettings
  /** What must not be seen in its answers. */
  readonly internalToken?: InternalToken | undefined
}
