// The live stage: real processes, real sockets, real time.
//
//   load ──▶ gateway ──▶ toxiproxy ──▶ upstreams        each a process of its own; this one conducts
//     │         │            ▲             │
//     └─────────┴── journal ─┼─────────────┘
//                            └ faults, on the plan's clock, which waits for nobody
import { writeFile } from 'node:fs/promises'
import { type Exit, type Role, startRole } from '../kernel/child.ts'
import { type Ms, realClock, wallClock } from '../kernel/clock.ts'
import { GatecrashError } from '../kernel/errors.ts'
import { watchHealth } from '../kernel/role.ts'
import { moduleBeside } from '../kernel/module-beside.ts'
import type { EndEvent, FaultEvent, JournalEvent, Role as RoleName, TransitionEvent } from '../evidence/events.ts'
import type { JournalWriter } from '../evidence/journal.ts'
import type { Plan } from '../scenario/plan.ts'
import { startToxiproxy } from '../toxiproxy/backend.ts'
import { type GatewayChoice, type GatewayProcess, startGateway } from './gateway-process.ts'
import { createInjector } from './injector.ts'
import { holdLease } from './lease.ts'
import type { LoadTick } from './load/generator.ts'
import type { FromLoad, LoadConfig, ToLoad } from './load/role.ts'
import { observeBreakers } from './observer.ts'
import { watchGroupHealth } from './process-health.ts'
import { playTimeline } from './timeline.ts'

export interface StageOptions {
  plan: Plan
  /** Absolute path of the scenario's modules is in the plan; this is where the run's files go. */
  folder: string
  journal: JournalWriter
  gateway: GatewayChoice
  /** Path that answers 2xx when the gateway is ready. */
  readyPath: string
  readyWithinMs: Ms
  /** `embedded`, or another choice of `startToxiproxy`. */
  toxiproxy: string
  /** Fixed ports for the proxies by upstream, for a gateway that cannot be told. */
  listen: Record<string, number>
  /** Aborting it stops the run, undoes everything, and keeps what was recorded. */
  signal: AbortSignal
  onProgress: (progress: Progress) => void
}

export type Progress =
  | { is: 'ready'; afterMs: Ms; proxies: Record<string, string> }
  | { is: 'phase'; name: string; atMs: Ms }
  | { is: 'fault'; event: FaultEvent; atMs: Ms }
  | { is: 'transition'; event: TransitionEvent; atMs: Ms }
  | { is: 'tick'; tick: LoadTick }

export interface Played {
  end: EndEvent['reason']
  detail?: string
  toxiproxy: { kind: string; version: string }
}

/** From everything ready to the first arrival. */
const LEAD: Ms = 100
/** How long answers may take past the client timeout before the stage gives up on the load generator. */
const AFTER_TIMEOUT: Ms = 500

/**
 * Plays the plan and writes the journal; everything started is ended and everything done is undone before it returns, whatever happened.
 * @throws GatecrashError when the stage could not be set up: `gateway_not_ready`, `port_taken`, `component_missing`, `child_failed` …
 */
export async function playLive(options: StageOptions): Promise<Played> {
  const write = (event: JournalEvent): void => options.journal.write(event)
  let ending: Pick<EndEvent, 'reason' | 'detail'> = { reason: 'failed' }
  try {
    const { toxiproxy, ...end } = await playOnStage(options, write)
    ending = end
    return { end: end.reason, ...(end.detail !== undefined && { detail: end.detail }), toxiproxy }
  } catch (error) {
    ending = options.signal.aborted ? { reason: 'interrupted' } : { reason: 'failed', detail: (error as Error).message }
    if (options.signal.aborted) throw new GatecrashError('interrupted', 'stopped before the load began', { cause: error })
    throw error
  } finally {
    write({ type: 'end', t: realClock.now(), ...ending })
  }
}

type Ending = Pick<EndEvent, 'reason' | 'detail'> & { toxiproxy: Played['toxiproxy'] }

async function playOnStage(options: StageOptions, write: (event: JournalEvent) => void): Promise<Ending> {
  const { plan, journal, signal, onProgress } = options
  const began = realClock.now()
  await using stage = new AsyncDisposableStack()
  const deaths = createDeathWatch(write)
  const onLines = (lines: string): void => journal.append(lines)

  const lease = stage.use(holdLease())
  const conductorHealth = watchHealth('conductor', (event) => write(event as JournalEvent))
  stage.defer(conductorHealth)

  const configPath = `${options.folder}/gateway.json`
  const run = plan.seed.toString(36)
  const loadDone = Promise.withResolvers<void>()
  const onLoadMessage = (message: unknown): void => {
    const told = message as FromLoad
    if (told.is === 'done') loadDone.resolve()
    else onProgress({ is: 'tick', tick: told })
  }
  const upstreamsConfig = { seed: plan.seed, upstreams: plan.upstreams }
  const [upstreams, toxiproxy] = await allOrNone(stage, [
    startRole<UpstreamsInfo>('upstreams', moduleBeside(import.meta, '../upstreams/role'), upstreamsConfig, { onLines }),
    startToxiproxy(options.toxiproxy, { seed: plan.seed, runId: `${run}-${process.pid}`, onLines }),
    writeFile(configPath, `${JSON.stringify({ upstreams: plan.gateway.upstreams, seed: plan.seed }, undefined, 2)}\n`),
  ])
  deaths.watch('upstreams', upstreams)

  const proxyUrls: Record<string, string> = {}
  for (const [name, { port }] of Object.entries(upstreams.info.upstreams)) {
    const fixed = options.listen[name]
    const proxy = await toxiproxy.control.createProxy({
      name,
      upstream: `127.0.0.1:${port}`,
      ...(fixed !== undefined && { listen: `127.0.0.1:${fixed}` }),
    })
    proxyUrls[name] = `http://${proxy.listen}`
  }

  const loadConfig = (target: string): LoadConfig => ({ plan: { load: plan.load, phases: plan.phases, seed: plan.seed }, target, run })
  const gatewayOptions = {
    choice: options.gateway,
    upstreams: proxyUrls,
    configPath,
    logPath: `${options.folder}/gateway.log`,
    readyPath: options.readyPath,
  }
  const starting = startGateway({ ...gatewayOptions, readyWithinMs: options.readyWithinMs, lease, signal })
  const gateway = stage.use(await starting)
  deaths.watch('gateway', gateway)
  if (gateway.pid !== undefined) stage.use(watchGroupHealth('gateway', gateway.pid, write))

  let origin: Ms = Number.POSITIVE_INFINITY
  const atMs = (t: Ms): Ms => t - origin
  const [observer, load] = await allOrNone(stage, [
    observeBreakers({ url: gateway.url, write, onTransition: (event) => onProgress({ is: 'transition', event, atMs: atMs(event.t) }) }),
    startRole('load', moduleBeside(import.meta, './load/role'), loadConfig(gateway.url), { onLines, onMessage: onLoadMessage }),
  ])
  void observer
  deaths.watch('load', load)
  const injector = stage.use(
    createInjector({
      toxiproxy,
      controlUrls: Object.fromEntries(Object.entries(upstreams.info.upstreams).map(([name, { controlUrl }]) => [name, controlUrl])),
      proxyUrls,
      write: (event) => {
        write(event)
        onProgress({ is: 'fault', event, atMs: atMs(event.t) })
      },
    }),
  )
  signal.throwIfAborted()

  origin = realClock.now() + LEAD
  const startedAt = new Date(wallClock().getTime() + LEAD).toISOString()
  write({ type: 'run', t: realClock.now(), schemaVersion: 1, scenario: plan.scenario, seed: plan.seed, run, origin, startedAt })
  load.tell({ do: 'begin', origin } satisfies ToLoad)
  onProgress({ is: 'ready', afterMs: origin - began, proxies: proxyUrls })

  const halted = new AbortController()
  const stopped = AbortSignal.any([signal, halted.signal])
  const played = playTimeline({
    plan,
    origin,
    injector,
    signal: stopped,
    write,
    onPhase: (name, at) => onProgress({ is: 'phase', name, atMs: at }),
  })
  const wholeLoad = played.then(() => withinMs(loadDone.promise, plan.load.timeoutMs + AFTER_TIMEOUT, stopped))
  const ending = await Promise.race([
    wholeLoad.then((): Ending['reason'] => (signal.aborted ? 'interrupted' : 'complete')),
    deaths.first.then((): Ending['reason'] => 'failed'),
  ])
  halted.abort()
  await played
  if (ending !== 'complete') load.tell({ do: 'halt' } satisfies ToLoad)
  const detail = ending === 'failed' ? deaths.describe() : undefined
  deaths.expectNow()
  return { reason: ending, ...(detail !== undefined && { detail }), toxiproxy: { kind: toxiproxy.kind, version: toxiproxy.version } }
}

interface UpstreamsInfo {
  upstreams: Record<string, { port: number; url: string; controlUrl: string }>
}

/** Waits for all; what did start is handed to `stage` even when another one failed. */
async function allOrNone<const T extends readonly Promise<unknown>[]>(
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

/** Writes down every process that ends, and tells of the first that ended without being asked. */
function createDeathWatch(write: (event: JournalEvent) => void) {
  const { promise: first, resolve } = Promise.withResolvers<void>()
  let description: string | undefined
  let expected = false
  return {
    first,
    describe: () => description,
    expectNow: () => (expected = true),
    watch(role: RoleName, { pid, exited }: Pick<Role<unknown> | GatewayProcess, 'pid' | 'exited'>) {
      write({ type: 'process', t: realClock.now(), role, edge: 'ready', ...(pid !== undefined && { pid }) })
      void exited.then(({ code, signal, unexpected, stderr }: Exit) => {
        const alone = unexpected && !expected
        write({
          type: 'process',
          t: realClock.now(),
          role,
          edge: 'exited',
          code,
          signal,
          unexpected: alone,
          ...(alone && stderr && { stderr }),
        })
        if (!alone) return
        description ??= `the ${role} process ended by itself (${signal ?? `code ${code}`})${stderr && `: ${stderr}`}`
        resolve()
      })
    },
  }
}

async function withinMs(promise: Promise<void>, limit: Ms, signal: AbortSignal): Promise<void> {
  const waiting = new AbortController()
  const over = realClock.sleep(limit, AbortSignal.any([signal, waiting.signal])).catch(() => {})
  await Promise.race([promise, over])
  waiting.abort()
}
