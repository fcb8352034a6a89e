// Which Toxiproxy a run uses. All of them look the same from here on.
import { GatecrashError } from '../../kernel/errors.ts'
import type { Addresses } from './address-translation.ts'
import type { ToxiproxyControl } from '../client/client.ts'
import { auto } from './auto.ts'
import { binary } from './binary.ts'
import { docker } from './docker.ts'
import { embedded } from './embedded.ts'
import { running } from './running.ts'

export interface ToxiproxyBackend extends AsyncDisposable {
  readonly kind: 'embedded' | 'binary' | 'docker' | 'url'
  /** Base of the control API. */
  readonly url: string
  readonly version: string
  /** How addresses translate; `control` has applied it already. */
  readonly addresses: Addresses
  readonly control: ToxiproxyControl
  /** Processes on this machine that must be gone after `stop`. */
  readonly pids: readonly number[]
  /** Removes what this run made and ends what it started. Safe to call twice. */
  stop(): Promise<void>
}

export interface BackendOptions {
  seed: number
  /** Toxics that the run is going to use: a server without one of them is refused at once. */
  toxics?: readonly string[]
  /** Unique among runs that may share a server: letters, digits, `-`. */
  runId: string
  /** Journal lines of a role of ours. */
  onLines?: (lines: string) => void
}

/** Starts one kind; `detail` is what follows `=` in the choice. */
export type StartBackend = (options: BackendOptions, detail?: string) => Promise<ToxiproxyBackend>

const backends = { embedded, binary, docker, auto } satisfies Record<string, StartBackend>

/**
 * @param choice `embedded`, `binary[=PATH]`, `docker[=IMAGE]`, `auto`, or the URL of a running server
 * @throws GatecrashError `usage` for another choice, `component_missing` when what it needs is not installed,
 *   `unsupported_backend` when it lacks a toxic that the run needs
 */
export async function startToxiproxy(choice: string, options: BackendOptions): Promise<ToxiproxyBackend> {
  const backend = await start(choice, options)
  try {
    await backend.control.requireToxics(options.toxics ?? [])
    return backend
  } catch (error) {
    await backend.stop()
    throw error
  }
}

function start(choice: string, options: BackendOptions): Promise<ToxiproxyBackend> {
  if (/^https?:\/\//.test(choice)) return running(options, choice)
  const [kind = '', detail] = choice.split(/=(.*)/s)
  if (Object.hasOwn(backends, kind)) return backends[kind as keyof typeof backends](options, detail)
  throw new GatecrashError(
    'usage',
    `unknown Toxiproxy ${JSON.stringify(choice)}; use ${Object.keys(backends).join(', ')} or http://HOST:PORT`,
  )
}
