// Starts the Toxiproxy that a run is told to use.
import { GatecrashError } from '../../kernel/errors.ts'
import { auto } from './auto.ts'
import type { BackendOptions, StartBackend, ToxiproxyBackend } from './backend.ts'
import { binary } from './binary.ts'
import { docker } from './docker.ts'
import { embedded } from './embedded.ts'
import { withFront } from './front.ts'
import { running } from './running.ts'

const backends = { embedded: (options) => embedded(options), binary, docker, auto } satisfies Record<string, StartBackend>

/**
 * @param choice `embedded`, `binary[=PATH]`, `docker[=IMAGE]`, `auto`, or the URL of a running server
 * @throws GatecrashError `usage` for another choice, `component_missing` when what it needs is not installed,
 *   `unsupported_backend` when it lacks a toxic that the run needs
 */
export async function startToxiproxy(choice: string, options: BackendOptions): Promise<ToxiproxyBackend> {
  const chosen = await start(choice, options)
  const backend = options.front && chosen.kind !== 'embedded' ? await withFront(chosen, options) : chosen
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
