// One play of a plan on the live stage: starts upstreams, gateway and load, conducts them, and ends them again.
//
//   load ──▶ gateway ──▶ toxiproxy ──▶ upstreams
//     │         │            ▲             │
//     └─────────┴── sink ────┼─────────────┘       and redis, where the gateway keeps its work there
//                            └ faults, on the plan's clock, which waits for nobody
import { type Ms, realClock, wallClock, wallTime } from '../../kernel/clock.ts'
import { watchHealth } from '../../kernel/process/role.ts'
import type { JournalEvent } from '../../evidence/events.ts'
import { runId } from '../../evidence/request-id.ts'
import { own } from '../../kernel/own.ts'
import type { Plan } from '../../plan/plan.ts'
import type { StageEnd } from '../stage.ts'
import { watchMachine } from './health/steal-time.ts'
import { watchToxiproxy } from './health/toxiproxy.ts'
import { fakeProcess } from './faults/fake-process.ts'
import { createInjector } from './faults/injector.ts'
import { asksForOperations, listOperations } from './gateway/operation-list.ts'
import { asksForWebhooks, listWebhooks } from './gateway/webhook-list.ts'
import type { FromLoad, ToLoad } from './load/role.ts'
import { watchProcessExits } from './process-exits.ts'
import { type ProcessOptions, startProcesses } from './processes.ts'
import type { ToSaturation } from './saturation/role.ts'
import { playTimeline } from './timeline.ts'

type Options = Omit<ProcessOptions, 'run' | 'exits' | 'onLoadMessage'>

/** From everything ready to the first arrival. */
const LEAD: Ms = 100
/** How long answers may take past the client timeout before the stage gives up on the load generator. */
const LAST_ANSWERS_TIMEOUT: Ms = 500
/** How long an interrupted load may take to give up what is in flight; its own grace is half a second. */
const LAST_HALTED_TIMEOUT: Ms = 1000

/** Whatever it started has ended when it returns, and the last lines of every process are in the sink. */
export async function play(plan: Plan, options: Options): Promise<StageEnd> {
  const { sink, signal, toxiproxy, proxies, redisPlace } = options
  const write = (event: JournalEvent): void => sink.write(event)
  const run = runId(plan.seed, wallClock())
  const exits = watchProcessExits(write)
  const loadDone = Promise.withResolvers<void>()

  await using scope = new AsyncDisposableStack()
  scope.defer(watchHealth('conductor', (event) => write(event as JournalEvent)))
  scope.use(watchMachine(write))
  scope.use(watchToxiproxy(toxiproxy, () => exits.gone('toxiproxy')))
  const onLoadMessage = (message: unknown): void => {
    // The load generator says nothing else.
    if ((message as FromLoad).is === 'done') loadDone.resolve()
  }
  const { gateway, redis, load, saturation, fakes } = await startProcesses(plan, { ...options, run, exits, onLoadMessage }, scope)
  const processes = { ...(gateway.process && { gateway: gateway.process }), ...(redis && { redis: redis.process }) }
  const handles = Object.entries(fakes.ports).map(([name, port]) => [name, fakeProcess(own(fakes.controlUrls, name)!, port)])
  const { controlUrls } = fakes
  const fakeHandles = Object.fromEntries(handles)
  const targets = { toxiproxy, controlUrls, proxyUrls: proxies, storeUrl: redisPlace?.url, processes, fakes: fakeHandles }
  const injector = scope.use(createInjector({ targets, write }))
  signal.throwIfAborted()

  const origin = realClock.now() + LEAD
  const startedAt = new Date(wallTime() + LEAD).toISOString()
  write({ type: 'run', t: realClock.now(), schemaVersion: 2, scenario: plan.scenario, seed: plan.seed, run, origin, startedAt })
  load.tell({ do: 'begin', target: gateway.url, origin } satisfies ToLoad)
  saturation?.tell({ do: 'begin', target: gateway.url, origin } satisfies ToSaturation)

  const halted = new AbortController()
  const stopped = AbortSignal.any([signal, halted.signal])
  const timeline = playTimeline({ plan, origin, injector, signal: stopped, write })
  const wholeLoad = timeline.then(() => withinMs(loadDone.promise, plan.load.timeoutMs + LAST_ANSWERS_TIMEOUT, stopped))
  const end = await Promise.race([
    wholeLoad.then((): StageEnd => ({ reason: signal.aborted ? 'interrupted' : 'complete' })),
    exits.firstUnexpected.then((detail): StageEnd => ({ reason: 'failed', detail })),
  ])
  halted.abort()
  await timeline
  if (end.reason === 'complete' && asksForWebhooks(plan)) await listWebhooks(gateway.url, write, signal)
  if (end.reason === 'complete' && asksForOperations(plan)) await listOperations(gateway.url, write, signal)
  if (end.reason !== 'complete') {
    load.tell({ do: 'halt' } satisfies ToLoad)
    saturation?.tell({ do: 'halt' } satisfies ToSaturation)
  }
  exits.expectAll()
  // The gateway ends only when nobody waits for it any more: what its end would cut would look like its failure.
  if (end.reason === 'interrupted') await withinMs(loadDone.promise, LAST_HALTED_TIMEOUT, new AbortController().signal)
  return end
}

async function withinMs(promise: Promise<void>, limit: Ms, signal: AbortSignal): Promise<void> {
  const waiting = new AbortController()
  const over = realClock.sleep(limit, AbortSignal.any([signal, waiting.signal])).catch(() => {})
  await Promise.race([promise, over])
  waiting.abort()
}
