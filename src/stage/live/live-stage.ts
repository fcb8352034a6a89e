// The live stage: real processes, real sockets, real time. Opening it starts what plays share; each play starts the rest anew.
//
//   load ──▶ gateway ──▶ toxiproxy ──▶ upstreams        each a process of its own
//   └──── play ────┘     └─ open ─┘    └─ play ─┘       the first play's upstreams are started with the stage, for their ports
import { type Ms, wallClock } from '../../kernel/clock.ts'
import { GatecrashError } from '../../kernel/errors.ts'
import { startKeeper } from '../../kernel/process/keeper.ts'
import { KEPT_TIMEOUT } from '../../kernel/process/kept.ts'
import type { EventSink } from '../../evidence/event-sink.ts'
import { runId } from '../../evidence/request-id.ts'
import { keepsInRedis } from '../../plan/gateway-config.ts'
import type { Plan } from '../../plan/plan.ts'
import { startToxiproxy } from '../../toxiproxy/backends/start.ts'
import type { ToxiproxyBackend } from '../../toxiproxy/backends/backend.ts'
import type { OpenStage, PlayOptions, Stage } from '../stage.ts'
import { allOf } from './all-of.ts'
import type { GatewayChoice } from '../../plan/gateway-choice.ts'
import { refuseUnreachable } from './faults/injection.ts'
import { play } from './play.ts'
import { placeRedis, type RedisPlace } from './redis.ts'
import { type Upstreams, startUpstreams } from './upstreams.ts'
import { own } from '../../kernel/own.ts'

export interface LiveStageOptions {
  gateway: GatewayChoice
  /** Path that answers 2xx when the gateway is ready. */
  readyPath: string
  readyWithinMs: Ms
  /** `embedded`, or another choice of `startToxiproxy`. */
  toxiproxy: string
  /** Fixed ports for the proxies by upstream, for a gateway that cannot be told. */
  listen: Readonly<Record<string, number>>
}

// What holds a server or proxies outside the run may be far away from them.
const HOLDER_TIMEOUT: Ms = 90_000

export function liveStage(options: LiveStageOptions): Stage {
  return { kind: 'live', open: (first, signal) => orInterrupted(signal, openLive(first, options, signal)) }
}

async function openLive(first: Plan, options: LiveStageOptions, openSignal: AbortSignal): Promise<OpenStage> {
  refuseUnreachable(first, options.gateway)
  openSignal.throwIfAborted()
  await using opening = new AsyncDisposableStack()
  let sink: EventSink | undefined
  // Roles report their health while nobody plays, which belongs to no run.
  const onLines = (lines: string): void => sink?.append(lines)
  const runPrefix = `${runId(first.seed, wallClock())}-${process.pid}`
  // The keeper comes first: it ends last.
  const [{ keep }, upstreams, toxiproxy] = await allOf(opening, [
    startKeeper(),
    startUpstreams(first, { onLines }),
    startToxiproxy(options.toxiproxy, { front: true, seed: first.seed, toxics: toxicsOf(first), runId: runPrefix, onLines }),
  ])
  void upstreams.exited.then(keep({ is: 'process', pid: upstreams.pid }))
  const withinMs = toxiproxy.kind === 'embedded' ? KEPT_TIMEOUT : HOLDER_TIMEOUT
  for (const pid of toxiproxy.pids) keep({ is: 'process', pid, withinMs })
  const proxies = await createProxies(toxiproxy, upstreams, options.listen)
  openSignal.throwIfAborted()
  const opened = opening.move()

  const { ports } = upstreams
  let prepared: Upstreams | undefined = upstreams
  const takeUpstreams = async (plan: Plan): Promise<Upstreams> => {
    const started = prepared
    prepared = undefined
    if (started && plan === first) return started
    await started?.stop()
    return startUpstreams(plan, { onLines, keep }, ports)
  }
  let redisPlace: RedisPlace | undefined
  const playNext = async (plan: Plan, on: PlayOptions) => {
    checkPlan(plan, ports, sink !== undefined)
    refuseUnreachable(plan, options.gateway)
    sink = on.sink
    try {
      if (plan !== first) await toxiproxy.control.requireToxics(toxicsOf(plan))
      if (keepsInRedis(plan.gateway)) redisPlace ??= await placeRedis(toxiproxy)
      const shared = { toxiproxy, proxies, keep, takeUpstreams, redisPlace: keepsInRedis(plan.gateway) ? redisPlace : undefined }
      return await orInterrupted(on.signal, play(plan, { ...options, ...on, ...shared }))
    } finally {
      sink = undefined
    }
  }
  const close = (): Promise<void> => opened.disposeAsync()
  const { kind, version } = toxiproxy
  return { toxiproxy: { kind, version }, proxies, play: playNext, close, [Symbol.asyncDispose]: close }
}

function checkPlan({ upstreams }: Plan, ports: Readonly<Record<string, number>>, isPlaying: boolean): void {
  if (isPlaying) throw new GatecrashError('usage', 'a plan is being played on this stage; wait for its end')
  const [asked, open] = [Object.keys(upstreams).toSorted().join(', '), Object.keys(ports).toSorted().join(', ')]
  if (asked !== open) throw new GatecrashError('usage', `the stage was opened with ${open}, and the plan has ${asked}; open another stage`)
}

function toxicsOf({ faults }: Plan): string[] {
  return faults.flatMap(({ fault }) => (fault.made === 'network' && fault.is === 'toxic' ? [fault.toxic.type] : []))
}

async function createProxies(
  toxiproxy: ToxiproxyBackend,
  { ports }: Upstreams,
  listen: Readonly<Record<string, number>>,
): Promise<Record<string, string>> {
  const urls: Record<string, string> = {}
  for (const [name, port] of Object.entries(ports)) {
    const fixed = own(listen, name)
    const where = fixed === undefined ? {} : { listen: `127.0.0.1:${fixed}` }
    const proxy = await toxiproxy.control.createProxy({ name, upstream: `127.0.0.1:${port}`, ...where })
    urls[name] = `http://${proxy.listen}`
  }
  return urls
}

/** Whatever went wrong after the signal came of the signal. */
function orInterrupted<T>(signal: AbortSignal, doing: Promise<T>): Promise<T> {
  return doing.catch((cause: unknown) => {
    throw signal.aborted ? new GatecrashError('interrupted', 'stopped before the load began', { cause }) : cause
  })
}
