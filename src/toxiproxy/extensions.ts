// What this server can do beyond the original. All of it is below one private path, so that nobody meets it unasked. A real server
// answers 404 to `GET /gatecrash`: so a client can tell them apart.
import { eventStreamHead } from '../kernel/sse.ts'
import { showToxic } from './proxy/toxic-on-proxy.ts'
import type { ProxyCollection } from './proxy/collection.ts'
import { parseBody } from './decode.ts'
import { type Feed, showConnection } from './api/feed.ts'
import { json, type Route } from './api/routes.ts'
import { extendedToxics, toxics } from '../faults/network/networks.ts'

/** The private path. Its answer is an `ExtensionsJson`. */
export const EXTENSIONS_PATH = '/gatecrash'

export interface ExtensionsJson {
  /** Types that `POST /gatecrash/proxies/{p}/toxics` accepts beside those of the original. */
  toxics: string[]
  seed: number
}

export function extensionRoutes(proxies: ProxyCollection, feed: Feed, seed: number): Route[] {
  const capabilities: ExtensionsJson = { toxics: Object.keys(extendedToxics), seed }
  return [
    { path: EXTENSIONS_PATH, methods: { GET: () => json(200, capabilities) } },
    {
      path: `${EXTENSIONS_PATH}/proxies/{p}/toxics`,
      methods: {
        POST: async (call) => {
          proxies.get(call.proxy)
          const body = parseBody(await call.text())
          return json(200, showToxic(proxies.get(call.proxy).addToxic(body, { ...toxics, ...extendedToxics })))
        },
      },
    },
    {
      path: `${EXTENSIONS_PATH}/connections`,
      methods: {
        GET: () =>
          json(
            200,
            proxies.all().flatMap((proxy) => [...proxy.connections].map(showConnection)),
          ),
      },
    },
    {
      path: `${EXTENSIONS_PATH}/events`,
      methods: {
        GET: (call) => {
          feed.admit()
          feed.join(call.stream(eventStreamHead))
          return undefined
        },
      },
    },
  ]
}
