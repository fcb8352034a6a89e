// Starts the processes of the stage, as many at a time as can be, and ties them together by their ports.
//
//   upstreams ┐
//   toxiproxy ┴─▶ one proxy an upstream ─▶ gateway ─▶ its event stream
//   load ─────────────────────────────────────────────────────────────▶ ready
import { writeFile } from 'node:fs/promises'
import { type Role, startRole } from '../../kernel/process/start-role.ts'
import { moduleBeside } from '../../kernel/process/sibling-module.ts'
import type { JournalEvent, TransitionEvent } from '../../evidence/events.ts'
import type { Plan } from '../../plan/plan.ts'
import type { ToxiproxyBackend } from '../../toxiproxy/backends/backend.ts'
import { startToxiproxy } from '../../toxiproxy/backends/start.ts'
import type { DeathWatch } from './process-exits.ts'
import { type Gateway, startGateway } from './gateway-process.ts'
import { holdLease } from './keeper.ts'
import type { StageOptions } from './options.ts'
import type { LoadConfig } from './load/role.ts'
import { type BreakerEvents, followBreakerEvents } from './breaker-events.ts'
import { watchGroupHealth } from './health/process-group.ts'
import { watchToxiproxy } from './health/toxiproxy.ts'

export interface Processes {
  toxiproxy: ToxiproxyBackend
  gateway: Gateway
  load: Role<unknown>
  /** Base URL of each proxy, and of the control API of the fake behind it, by upstream. */
  proxyUrls: Record<string, string>
  controlUrls: Record<string, string>
}

export interface ProcessOptions extends StageOptions {
  /** Prefix of the run's request ids. */
  run: string
  deaths: DeathWatch
  write: (event: JournalEvent) => void
  onLoadMessage: (message: unknown) => void
  onTransition: (event: TransitionEvent) => void
}

interface UpstreamsInfo {
  upstreams: Record<string, { port: number; url: string; controlUrl: string }>
}

/** Whatever was started ends with `stage`, also when something else could not be started. */
export async function startProcesses(options: ProcessOptions, stage: AsyncDisposableStack): Promise<Processes> {
  const { plan, run, deaths, write } = options
  const { seed, load, phases } = plan
  const lease = stage.use(holdLease())
  const onLines = (lines: string): void => options.journal.append(lines)
  const loadConfig: LoadConfig = { plan: { load, phases, seed }, run }
  const loading = startRole('load', moduleBeside(import.meta, './load/role'), loadConfig, { onLines, onMessage: options.onLoadMessage })

  const startGatewayBehindProxies = async () => {
    const [upstreams, toxiproxy] = await allOf(stage, [
      startRole<UpstreamsInfo>(
        'upstreams',
        moduleBeside(import.meta, '../../upstreams/role'),
        { seed, upstreams: plan.upstreams },
        { onLines },
      ),
      startToxiproxy(options.toxiproxy, { seed, toxics: toxicsOf(plan), runId: `${run}-${process.pid}`, onLines }),
    ])
    deaths.watch('upstreams', upstreams)
    stage.use(watchToxiproxy(toxiproxy, () => deaths.gone('toxiproxy')))
    const { upstreams: served } = upstreams.info
    const proxyUrls = await createProxies(toxiproxy, served, options.listen)
    const configPath = `${options.folder}/gateway.json`
    await writeFile(configPath, `${JSON.stringify({ ...plan.gateway, seed }, undefined, 2)}\n`)
    const { gateway: choice, readyPath, readyWithinMs, signal } = options
    const logPath = `${options.folder}/gateway.log`
    let breakerEvents: BreakerEvents | undefined
    const gateway = await startGateway({
      choice,
      upstreams: proxyUrls,
      configPath,
      logPath,
      readyPath,
      readyWithinMs,
      lease,
      signal,
      onReady(started) {
        deaths.watch('gateway', started)
        breakerEvents?.restarted()
        if (started.pid !== undefined) stage.use(watchGroupHealth('gateway', started.pid, write))
      },
    })
    stage.use(gateway)
    const { onTransition } = options
    const isDown = (): boolean => gateway.process?.isDown ?? false
    breakerEvents = await followBreakerEvents({ url: gateway.url, fresh: choice.kind !== 'url', write, onTransition, isDown, signal })
    stage.use(breakerEvents)
    const controlUrls = Object.fromEntries(Object.entries(served).map(([name, { controlUrl }]) => [name, controlUrl]))
    return { toxiproxy, gateway, proxyUrls, controlUrls }
  }
  const [loader, started] = await allOf(stage, [loading, startGatewayBehindProxies()])
  deaths.watch('load', loader)
  return { ...started, load: loader }
}

function toxicsOf({ faults }: Plan): string[] {
  return faults.flatMap(({ fault }) => (fault.made === 'network' && fault.is === 'toxic' ? [fault.toxic.type] : []))
}

async function createProxies(
  toxiproxy: ToxiproxyBackend,
  upstreams: UpstreamsInfo['upstreams'],
  listen: Record<string, number>,
): Promise<Record<string, string>> {
  const urls: Record<string, string> = {}
  for (const [name, { port }] of Object.entries(upstreams)) {
    const fixed = listen[name]
    const where = fixed === undefined ? {} : { listen: `127.0.0.1:${fixed}` }
    const proxy = await toxiproxy.control.createProxy({ name, upstream: `127.0.0.1:${port}`, ...where })
    urls[name] = `http://${proxy.listen}`
  }
  return urls
}

/** Waits for all; what did start is handed to `stage` even when another one failed, whose error is thrown. */
async function allOf<const T extends readonly Promise<unknown>[]>(
  stage: AsyncDisposableStack,
  starting: T,
): Promise<{ -readonly [K in keyof T]: Awaited<T[K]> }> {
  const results = await Promise.allSettled(starting)
  for (const result of results) {
    const value = result.status === 'fulfilled' ? result.value : undefined
    if (typeof value === 'object' && value !== null && Symbol.asyncDispose in value) stage.use(value as AsyncDisposable)
  }
  return results.map((result) => {
    if (result.status === 'rejected') throw result.reason
    return result.value
  }) as { -readonly [K in keyof T]: Awaited<T[K]> }
}
