// The control API as a table: what Toxiproxy 2.12 answers to, in the order of its api.go.
import type { ServerResponse } from 'node:http'
import { showToxic } from '../proxy/toxic-on-proxy.ts'
import type { ProxyCollection } from '../proxy/collection.ts'
import { parseBody } from '../decode.ts'
import type { ProxyJson } from '../proxy/proxy.ts'
import { Refusal } from './api-error.ts'
import { toxics } from '../toxics/table.ts'

/** `2.12.0` is whose behaviour this is; the suffix says that it is not the original. */
const VERSION = '2.12.0+embedded'

export interface Answer {
  status: number
  body: string | Buffer
  /** Content-Type; default: JSON when there is a body. */
  type?: string
  headers?: Record<string, string>
}

export interface Call {
  /** `{p}` and `{t}` of the pattern, decoded. */
  proxy: string
  toxic: string
  /** The request's body, read when asked for. */
  text(): Promise<string>
  /** A request header; empty when absent. */
  header(name: string): string
  /** Starts an answer that goes on for as long as the client stays. */
  stream(type: string): ServerResponse
}

/** Nothing is sent for `undefined`: the handler keeps the stream that it started. */
export type Handler = (call: Call) => Answer | undefined | Promise<Answer | undefined>

export interface Route {
  /** Segments of the path; `{p}` and `{t}` stand for any one. */
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
    // An unknown proxy is told before the body is looked at.
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
        // Not by way of an object, which would put names that look like numbers first.
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
            if (!(error instanceof Refusal)) throw error
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
