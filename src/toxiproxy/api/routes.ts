// The control API as a table, in the order of api.go in Toxiproxy 2.12.
import type { OutgoingHttpHeaders, ServerResponse } from 'node:http'
import { showToxic } from '../proxy/toxic-on-proxy.ts'
import type { ProxyCollection } from '../proxy/collection.ts'
import { parseBody } from '../decode.ts'
import type { ProxyJson } from '../proxy/proxy.ts'
import { ApiError } from './api-error.ts'
import { toxics } from '../../faults/network/networks.ts'

// The version whose behaviour this is. The suffix says that this is not the original.
const VERSION = '2.12.0+embedded'

export interface Answer {
  status: number
  body: string | Buffer
  /** Content-Type. Default: JSON when there is a body. */
  type?: string
  headers?: Record<string, string>
}

export interface Call {
  /** `{p}` and `{t}` of the pattern, decoded. */
  proxy: string
  toxic: string
  /** Reads the request's body. */
  text(): Promise<string>
  /** A request header. Empty when absent. */
  header(name: string): string
  /** Starts an answer that lasts for as long as the client stays. */
  stream(headers: OutgoingHttpHeaders): ServerResponse
}

/** A handler returns `undefined` when it keeps the stream that it started. */
export type Handler = (call: Call) => Answer | undefined | Promise<Answer | undefined>

export interface Route {
  /** Segments of the path. `{p}` and `{t}` stand for any one segment. */
  path: string
  methods: Readonly<Record<string, Handler>>
}

export function json(status: number, value: unknown): Answer {
  return { status, body: JSON.stringify(value) }
}

const nothing: Answer = { status: 204, body: '' }

export function controlRoutes(proxies: ProxyCollection): Route[] {
  const body = async (call: Call): Promise<unknown> => parseBody(await call.text())
  const updateProxy: Handler = async (call) => {
    // The original reports an unknown proxy before it reads the body.
    proxies.get(call.proxy)
    return json(200, await proxies.update(call.proxy, await body(call)))
  }
  const updateToxic: Handler = async (call) => {
    proxies.get(call.proxy).toxic(call.toxic)
    const input = await body(call)
    return json(200, showToxic(proxies.get(call.proxy).updateToxic(call.toxic, input)))
  }
  return [
    { path: '/reset', methods: { POST: async () => proxies.reset().then(() => nothing) } },
    {
      path: '/proxies',
      methods: {
        // An object would put names that look like numbers first.
        GET: () => {
          const members = proxies.all().map((proxy) => `${JSON.stringify(proxy.name)}:${JSON.stringify(proxy.show())}`)
          return { status: 200, body: `{${members.join(',')}}` }
        },
        POST: async (call) => json(201, await proxies.create(await body(call))),
      },
    },
    {
      path: '/populate',
      methods: {
        POST: async (call) => {
          const done: ProxyJson[] = []
          try {
            await proxies.populate(await body(call), (proxy) => done.push(proxy))
            return json(201, { proxies: done.length > 0 ? done : null })
          } catch (error) {
            if (!(error instanceof ApiError)) throw error
            const { message, status } = error
            return json(status, { error: message, status, proxies: done.length > 0 ? done : null })
          }
        },
      },
    },
    {
      path: '/proxies/{p}',
      methods: {
        GET: ({ proxy }) => json(200, proxies.get(proxy).show()),
        POST: updateProxy,
        PATCH: updateProxy,
        DELETE: ({ proxy }) => proxies.remove(proxy).then(() => nothing),
      },
    },
    {
      path: '/proxies/{p}/toxics',
      methods: {
        GET: ({ proxy }) => json(200, proxies.get(proxy).toxics.map(showToxic)),
        POST: async (call) => {
          proxies.get(call.proxy)
          const input = await body(call)
          return json(200, showToxic(proxies.get(call.proxy).addToxic(input, toxics)))
        },
      },
    },
    {
      path: '/proxies/{p}/toxics/{t}',
      methods: {
        GET: ({ proxy, toxic }) => json(200, showToxic(proxies.get(proxy).toxic(toxic))),
        POST: updateToxic,
        PATCH: updateToxic,
        DELETE: ({ proxy, toxic }) => {
          proxies.get(proxy).removeToxic(toxic)
          return nothing
        },
      },
    },
    {
      path: '/version',
      methods: { GET: () => ({ status: 200, body: `{"version": "${VERSION}"}\n`, type: 'application/json;charset=utf-8' }) },
    },
  ]
}
