// What a Toxiproxy is to a run, whatever its kind.
import type { ToxiproxyClient } from '../client/client.ts'

export interface ToxiproxyBackend extends AsyncDisposable {
  readonly kind: 'embedded' | 'binary' | 'docker' | 'url'
  /** Base of the control API. */
  readonly url: string
  readonly version: string
  readonly control: ToxiproxyClient
  /** Processes on this machine that must be gone after `stop`. */
  readonly pids: readonly number[]
  /** Removes what this run made and ends what it started. Safe to call twice. */
  stop(): Promise<void>
}

export interface BackendOptions {
  seed: number
  /** Toxics that the run is going to use. A server without one of them is refused at once. */
  toxics?: readonly string[]
  /** Unique among runs that may share a server: letters, digits, `-`. */
  runId: string
  /** Journal lines of a role of ours. */
  onLines?: (lines: string) => void
  /**
   * Writes what passes at the client side of the proxies to the journal (contract/front-events.ts). Before a Toxiproxy that is not
   * ours stands one that is: `createProxy` returns its address then.
   */
  front?: boolean
}

/** Starts a backend of one kind. `detail` is what follows `=` in the choice. */
export type StartBackend = (options: BackendOptions, detail?: string) => Promise<ToxiproxyBackend>
