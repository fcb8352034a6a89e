// The embedded Toxiproxy: a drop-in for the original, whose decisions replay from a seed.
import type { FrontEvent } from '../contract/front-events.ts'
import { type Clock, realClock } from '../kernel/clock.ts'
import { GatecrashError } from '../kernel/errors.ts'
import { punctual } from '../kernel/punctual-clock.ts'
import { listen, type Listening } from '../kernel/server.ts'
import { ProxyCollection } from './proxy/collection.ts'
import { readConfigFile } from './config-file.ts'
import { httpServer } from './api/http-server.ts'
import { Feed } from './api/feed.ts'
import { watchClients } from './front/client-watch.ts'
import { Metrics } from './metrics.ts'
import type { ProxyHooks } from './proxy/hooks.ts'
import { extensionRoutes } from './extensions.ts'
import { ApiError } from './api/api-error.ts'
import { controlRoutes } from './api/routes.ts'

export type { Listening }

export interface ToxiproxyOptions {
  /** Port of the control API. 0 takes a free one. Default 8474, as in the original. */
  port?: number
  /** Address of the control API. Default 127.0.0.1. */
  host?: string
  /** A JSON file with the array that `/populate` takes. */
  configFile?: string
  /** Decides toxicity, jitter and the like. Default 1. */
  seed?: number
  /** Serves `/metrics`, as the original does under `-proxy-metrics`. */
  metrics?: boolean
  /** Is told what passes at the client side of the proxies: connections, and the heads of HTTP/1.x requests. */
  front?: ((event: FrontEvent) => void) | undefined
  /** Stands before another Toxiproxy: passes on resets, and half-closes of clients, as they are (proxy/connection.ts). */
  relay?: boolean
  clock?: Clock
}

/**
 * Starts a server in this process. `close` ends every proxy and connection.
 * @throws GatecrashError `port_taken` or `cannot_listen`, also for a proxy of the configuration file, and `invalid_config` for that file
 */
export async function serveToxiproxy(options: ToxiproxyOptions = {}): Promise<Listening> {
  const { port = 8474, host = '127.0.0.1', configFile, seed = 1, clock = punctual(realClock), front, relay = false } = options
  const configured = configFile === undefined ? [] : await readConfigFile(configFile)
  const feed = new Feed(clock)
  const metrics = options.metrics ? new Metrics() : undefined
  const hooks: ProxyHooks[] = metrics ? [feed, metrics] : [feed]
  const proxies = new ProxyCollection({ clock, seed, hooks, relay, tapClients: front && watchClients(clock, front) })
  const routes = [...controlRoutes(proxies), ...extensionRoutes(proxies, feed, seed), ...(metrics ? metrics.routes(proxies) : [])]
  const listening = await listen(httpServer(routes, clock), { port, host }).catch((cause: Error) => {
    if (cause instanceof GatecrashError) throw cause
    throw new GatecrashError('cannot_listen', `cannot listen on ${host}:${port}: ${cause.message}; choose another address or port`, {
      cause,
    })
  })
  const close = async (): Promise<void> => {
    await Promise.all([listening.close(), proxies.close()])
  }
  try {
    await begin(proxies, configured, configFile)
  } catch (error) {
    await close()
    throw error
  }
  return { ...listening, close, [Symbol.asyncDispose]: close }
}

async function begin(proxies: ProxyCollection, configured: readonly { name: string }[], file = ''): Promise<void> {
  let done = 0
  try {
    await proxies.populate(configured, () => done++)
  } catch (cause) {
    if (!(cause instanceof ApiError)) throw cause
    const whose = `${file}: proxy "${configured[done]?.name}"`
    throw new GatecrashError('cannot_listen', `${whose}: ${cause.message}; free the address, or give it another`, { cause })
  }
}
