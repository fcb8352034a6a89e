// The live stage: real processes, real sockets, real time.
//
//   load ──▶ gateway ──▶ toxiproxy ──▶ upstreams        each a process of its own; this one conducts
//     │         │            ▲             │
//     └─────────┴── journal ─┼─────────────┘
//                            └ faults, on the plan's clock, which waits for nobody
import { type Ms, realClock, wallClock } from '../../kernel/clock.ts'
import { GatecrashError } from '../../kernel/errors.ts'
import { watchHealth } from '../../kernel/process/role.ts'
import { type EndEvent, type FaultEvent, type JournalEvent, runId } from '../../evidence/events.ts'
import type { StageOptions } from './options.ts'
import { createDeathWatch } from './process-exits.ts'
import { createInjector } from './injector.ts'
import type { FromLoad, ToLoad } from './load/role.ts'
import { watchMachine } from './health/steal-time.ts'
import { startProcesses } from './processes.ts'
import { playTimeline } from './timeline.ts'

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
  const { plan, signal, onProgress } = options
  const began = realClock.now()
  let origin: Ms = Number.POSITIVE_INFINITY
  const run = runId(plan.seed, wallClock())
  const deaths = createDeathWatch(write)
  const loadDone = Promise.withResolvers<void>()

  await using stage = new AsyncDisposableStack()
  stage.defer(watchHealth('conductor', (event) => write(event as JournalEvent)))
  stage.use(watchMachine(write))
  const { toxiproxy, gateway, load, proxyUrls, controlUrls } = await startProcesses(
    {
      ...options,
      run,
      deaths,
      write,
      onTransition: (event) => onProgress({ is: 'transition', event, atMs: event.t - origin }),
      onLoadMessage(message) {
        const told = message as FromLoad
        if (told.is === 'done') loadDone.resolve()
        else onProgress({ is: 'tick', tick: told })
      },
    },
    stage,
  )
  const onFault = (event: FaultEvent): void => {
    write(event)
    onProgress({ is: 'fault', event, atMs: event.t - origin })
  }
  const injector = stage.use(createInjector({ toxiproxy, controlUrls, proxyUrls, write: onFault }))
  signal.throwIfAborted()

  origin = realClock.now() + LEAD
  const startedAt = new Date(wallClock().getTime() + LEAD).toISOString()
  write({ type: 'run', t: realClock.now(), schemaVersion: 2, scenario: plan.scenario, seed: plan.seed, run, origin, startedAt })
  load.tell({ do: 'begin', target: gateway.url, origin } satisfies ToLoad)
  onProgress({ is: 'ready', afterMs: origin - began, proxies: proxyUrls })

  const halted = new AbortController()
  const stopped = AbortSignal.any([signal, halted.signal])
  const played = playTimeline({
    plan,
    origin,
    injector,
    signal: stopped,
    write,
    onPhase: (name, atMs) => onProgress({ is: 'phase', name, atMs }),
  })
  const wholeLoad = played.then(() => withinMs(loadDone.promise, plan.load.timeoutMs + AFTER_TIMEOUT, stopped))
  const ending = await Promise.race([
    wholeLoad.then((): Pick<EndEvent, 'reason' | 'detail'> => ({ reason: signal.aborted ? 'interrupted' : 'complete' })),
    deaths.first.then((detail): Pick<EndEvent, 'reason' | 'detail'> => ({ reason: 'failed', detail })),
  ])
  halted.abort()
  await played
  if (ending.reason !== 'complete') load.tell({ do: 'halt' } satisfies ToLoad)
  deaths.expectEnds()
  return { ...ending, toxiproxy: { kind: toxiproxy.kind, version: toxiproxy.version } }
}

async function withinMs(promise: Promise<void>, limit: Ms, signal: AbortSignal): Promise<void> {
  const waiting = new AbortController()
  const over = realClock.sleep(limit, AbortSignal.any([signal, waiting.signal])).catch(() => {})
  await Promise.race([promise, over])
  waiting.abort()
}
