// The embedded Toxiproxy: a drop-in for the original, with decisions that replay from a seed.
import { readFile } from 'node:fs/promises'
import { type Clock, realClock } from '../kernel/clock.ts'
import { GatecrashError } from '../kernel/errors.ts'
import { listen, type Listening } from '../kernel/server.ts'
import { ProxyCollection } from './collection.ts'
import { controlServer } from './control.ts'
import { parseBody } from './decode.ts'
import { Feed } from './feed.ts'
import { Metrics } from './metrics.ts'
import type { Observer } from './observer.ts'
import { extensionRoutes } from './extensions.ts'
import { Refusal } from './refusal.ts'
import { controlRoutes } from './routes.ts'

export interface ToxiproxyOptions {
  /** Of the control API; 0 takes a free one. Default 8474, the original's. */
  port?: number
  /** Default 127.0.0.1. */
  host?: string
  /** A JSON file with the array that `/populate` takes. */
  configFile?: string
  /** Of coins, jitter and the like. Default 1. */
  seed?: number
  /** Serves `/metrics`, as the original does under `-proxy-metrics`. */
  metrics?: boolean
  clock?: Clock
}

export interface RunningToxiproxy extends Listening {
  readonly seed: number
}

/**
 * Starts a server in this process; `close` ends every proxy and connection.
 * @throws GatecrashError `port_taken`, or `invalid_config` for a configuration file that cannot be read or applied
 */
export async function serveToxiproxy(options: ToxiproxyOptions = {}): Promise<RunningToxiproxy> {
  const { port = 8474, host = '127.0.0.1', configFile, seed = 1, clock = realClock } = options
  const feed = new Feed(clock)
  const metrics = options.metrics ? new Metrics() : undefined
  const observers: Observer[] = metrics ? [feed, metrics] : [feed]
  const proxies = new ProxyCollection({ clock, seed, observers })
  const routes = [...controlRoutes(proxies), ...extensionRoutes(proxies, feed, seed), ...(metrics ? metrics.routes(proxies) : [])]
  const listening = await listen(controlServer(routes, clock), { port, host })
  const close = async (): Promise<void> => {
    await Promise.all([listening.close(), proxies.close()])
  }
  try {
    if (configFile !== undefined) await populateFrom(configFile, proxies)
  } catch (error) {
    await close()
    throw error
  }
  return { ...listening, seed, close, [Symbol.asyncDispose]: close }
}

async function populateFrom(file: string, proxies: ProxyCollection): Promise<void> {
  try {
    await proxies.populate(parseBody(await readFile(file, 'utf8')), () => {})
  } catch (cause) {
    if (!(cause instanceof Refusal) && !(cause as NodeJS.ErrnoException).code) throw cause
    const { message } = cause as Error
    throw new GatecrashError('invalid_config', `${file}: ${message}; it must hold what POST /populate accepts`, { cause })
  }
}
