// Starts the processes of a play, in parallel where none needs another.
//
//   upstreams ──▶ gateway ──▶ its event stream
//   load ──────────────────────────────────────▶ ready
import type { Keep } from '../../kernel/process/kept.ts'
import { moduleBeside } from '../../kernel/process/sibling-module.ts'
import { freePort } from '../../kernel/server.ts'
import { type Role, startRole } from '../../kernel/process/start-role.ts'
import type { JournalEvent } from '../../evidence/events.ts'
import type { GatewayChoice } from '../../plan/gateway-choice.ts'
import { type PlaceholderValues, placeholderValues } from '../../plan/placeholders.ts'
import type { Plan } from '../../plan/plan.ts'
import type { ToxiproxyBackend } from '../../toxiproxy/backends/backend.ts'
import type { PlayOptions } from '../stage.ts'
import { allOf } from './all-of.ts'
import { type BreakerEvents, followBreakerEvents } from './gateway/breaker-events.ts'
import { filesIn, makeGatewayFiles } from './gateway/gateway-files.ts'
import { type Gateway, startGateway } from './gateway/gateway-process.ts'
import { watchGroupHealth } from './health/process-group.ts'
import { answerAsks, carriedAsks } from '../../criteria/criteria.ts'
import { withValues } from './load/with-values.ts'
import type { LoadConfig } from './load/role.ts'
import type { SaturationConfig } from './saturation/role.ts'
import type { ProcessExits } from './process-exits.ts'
import { type RedisPlace, type RunningRedis, startRedis } from './redis.ts'
import type { Upstreams } from './upstreams.ts'

export interface Processes {
  gateway: Gateway
  /** Where the gateway's settings name one. */
  redis: RunningRedis | undefined
  load: Role<unknown>
  /** Where the plan saturates a phase. */
  saturation: Role<unknown> | undefined
  /** By upstream: the port of its traffic, and the base URL of its control API. */
  fakes: Pick<Upstreams, 'ports' | 'controlUrls'>
}

export interface ProcessOptions extends PlayOptions {
  gateway: GatewayChoice
  readyPath: string
  readyWithinMs: number
  toxiproxy: ToxiproxyBackend
  /** Base URL of each proxy, by upstream. */
  proxies: Readonly<Record<string, string>>
  /** Where the gateway's settings name a Redis. */
  redisPlace: RedisPlace | undefined
  keep: Keep
  takeUpstreams(plan: Plan): Promise<Upstreams>
  /** Prefix of the run's request ids. */
  run: string
  exits: ProcessExits
  onLoadMessage: (message: unknown) => void
}

/** Every process that was started ends with `scope`, also when another one could not be started. */
export async function startProcesses(plan: Plan, options: ProcessOptions, scope: AsyncDisposableStack): Promise<Processes> {
  const { run, exits, sink, keep, onLoadMessage: onMessage } = options
  const { seed, phases } = plan
  const placed = await placesOf(options)
  const load = withValues(plan.load, placed.values)
  const config: LoadConfig = { plan: { load, phases, seed }, run, asks: answerAsks(plan.criteria), carried: carriedAsks(plan.criteria) }
  const onLines = (lines: string): void => sink.append(lines)
  const startBehindProxies = async () => {
    const { redisPlace: place, signal } = options
    const startingRedis = place && startRedis({ port: place.port, keep, signal, onReady: (started) => exits.watch('redis', started) })
    const [upstreams, redis] = await allOf(scope, [options.takeUpstreams(plan), startingRedis ?? Promise.resolve(undefined)])
    exits.watch('upstreams', upstreams)
    const { ports, controlUrls } = upstreams
    const gateway = await startWatchedGateway(plan, { ...options, ...placed }, scope)
    return { gateway, redis, fakes: { ports, controlUrls } }
  }
  const crowd: SaturationConfig = { plan: { load, phases, seed }, run }
  const [loader, started, saturation] = await allOf(scope, [
    startRole('load', moduleBeside(import.meta, './load/role'), config, { onLines, onMessage, keep }),
    startBehindProxies(),
    phases.some((phase) => phase.saturation)
      ? startRole('saturation', moduleBeside(import.meta, './saturation/role'), crowd, { onLines, keep })
      : Promise.resolve(undefined),
  ])
  exits.watch('load', loader)
  if (saturation) exits.watch('saturation', saturation)
  return { ...started, load: loader, saturation }
}

/** What placeholders stand for, before anything is started. */
interface Placed {
  /** Where the gateway listens. */
  port: number
  values: PlaceholderValues
}

async function placesOf({ gateway, folder, proxies }: ProcessOptions): Promise<Placed> {
  if (gateway.kind !== 'url') {
    const port = await freePort()
    return { port, values: placeholderValues(port, proxies, filesIn(folder, gateway)) }
  }
  const { port, protocol } = new URL(gateway.url)
  const listens = port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port)
  return { port: listens, values: placeholderValues(listens, proxies) }
}

/** Starts the gateway, and records its exits, its health and its breaker events, also after a restart. */
async function startWatchedGateway(plan: Plan, options: ProcessOptions & Placed, scope: AsyncDisposableStack): Promise<Gateway> {
  const { redisPlace, gateway: choice, folder, proxies, port, values, readyPath, readyWithinMs, keep, signal, exits, sink } = options
  const write = (event: JournalEvent): void => sink.write(event)
  const { configPath, logPath, redact } = scope.use(await makeGatewayFiles(plan, { folder, choice, values, keep }))
  let breakerEvents: BreakerEvents | undefined
  const gateway = await startGateway({
    choice,
    port,
    values,
    upstreams: proxies,
    redisUrl: redisPlace?.url,
    configPath,
    logPath,
    redact,
    readyPath,
    readyWithinMs,
    keep,
    signal,
    onReady(started) {
      exits.watch('gateway', started)
      breakerEvents?.restarted()
      // Of a container, only its client would be seen.
      const isSeen = choice.kind !== 'command' || choice.startsContainer !== true
      if (started.pid !== undefined && isSeen) scope.use(watchGroupHealth('gateway', started.pid, write))
    },
  })
  scope.use(gateway)
  const isDown = (): boolean => gateway.process?.isDown ?? false
  breakerEvents = await followBreakerEvents({ url: gateway.url, fresh: choice.kind !== 'url', write, isDown, signal })
  scope.use(breakerEvents)
  return gateway
}
