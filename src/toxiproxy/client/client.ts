// The harness's side of any Toxiproxy server. It wraps the node client, adds what that one lacks (deadlines, the server's own
// error texts, the names of refused addresses), and speaks in faults.
import { type Proxy, Toxiproxy, type ToxicType } from 'toxiproxy-node-client'
import { GatecrashError } from '../../kernel/errors.ts'
import type { Ms } from '../../kernel/clock.ts'
import { type Addresses, loopback } from '../backends/address-translation.ts'
import { replaceHttp } from './http.ts'
import { EXTENSIONS_PATH, type ExtensionsJson } from '../extensions.ts'
import type { NetworkFault } from '../../faults/network/networks.ts'
import { toxics } from '../../faults/network/networks.ts'

export interface ProxyRequest {
  /** Letters, digits, `_`, `.`, `-`: the node client does not encode it. */
  name: string
  /** `host:port` as seen from this machine. */
  upstream: string
  /** `host:port` to listen on. Default: a free port that this machine can reach. */
  listen?: string
}

/** A proxy as this machine reaches it. */
export interface ListeningProxy {
  name: string
  /** `host:port`. */
  listen: string
  port: number
}

/** Every method rejects with GatecrashError `toxiproxy_unreachable` or `toxiproxy_refused` (`data: { status, text }`). */
export interface ToxiproxyClient {
  readonly url: string
  createProxy(request: ProxyRequest): Promise<ListeningProxy>
  /**
   * Adds the toxic under the fault's id, or switches the proxy off when the fault is `down`.
   * @throws GatecrashError `unsupported_backend` for a toxic of our own on a server that is not ours
   */
  addFault(proxy: string, id: string, fault: NetworkFault): Promise<void>
  removeFault(proxy: string, id: string, fault: NetworkFault): Promise<void>
  /** Succeeds also when the proxy is gone already. */
  removeProxy(name: string): Promise<void>
  /** Names of all proxies under this client's prefix, without the prefix. */
  proxies(): Promise<string[]>
  version(): Promise<string>
  /** @throws GatecrashError `unsupported_backend` unless the server knows every one of these toxics */
  requireToxics(types: readonly string[]): Promise<void>
}

export interface ConnectOptions {
  /** How long one call may take. A hung server answers 503, but only after 25 s. */
  deadlineMs?: Ms
  /** How addresses here translate to addresses there. Default: same machine. */
  addresses?: Addresses
  /** Put in front of every proxy name on the server, so that runs sharing a server do not meet. */
  prefix?: string
}

const NAME = /^[A-Za-z0-9_.-]+$/

/**
 * Connects to the server at `url` and makes sure that it is a Toxiproxy.
 * @throws GatecrashError `toxiproxy_unreachable` when nothing, or something else, answers there
 */
export async function connectToxiproxy(url: string, options: ConnectOptions = {}): Promise<ToxiproxyClient> {
  const { deadlineMs = 5000, addresses = loopback, prefix = '' } = options
  // A trailing slash would make `//proxies`. The server redirects that, and a redirected POST becomes a GET.
  const client = new Toxiproxy(url.replace(/\/+$/, ''))
  replaceHttp(client, deadlineMs)

  const connected: ToxiproxyClient = {
    url: client.host,
    async createProxy({ name, upstream, listen }) {
      checkName('proxy', name)
      const proxy = await client.createProxy({
        name: prefix + name,
        upstream: addresses.upstream(upstream),
        listen: listen ?? (await addresses.listen()),
        enabled: true,
      })
      const reached = addresses.reach(proxy.listen)
      return { name, listen: reached, port: Number(reached.slice(reached.lastIndexOf(':') + 1)) }
    },
    async addFault(name, id, fault) {
      const proxy = await client.get(prefix + name)
      if (fault.is === 'down') await setEnabled(proxy, false)
      else if (isForNewConnections(fault)) {
        await setEnabled(proxy, false)
        await addToxic(proxy, id, fault)
        await setEnabled(proxy, true)
      } else await addToxic(proxy, id, fault)
    },
    async removeFault(name, id, fault) {
      const proxy = await client.get(prefix + name)
      if (fault.is === 'down') await setEnabled(proxy, true)
      else await client.api.delete(`${proxy.getPath()}/toxics/${id}`)
    },
    async removeProxy(name) {
      await client.api.delete(`${client.host}/proxies/${prefix}${name}`).catch((error: unknown) => {
        if (!(error instanceof GatecrashError && error.data['status'] === 404)) throw error
      })
    },
    async proxies() {
      const names = Object.keys(await client.getAll())
      return names.filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length))
    },
    async requireToxics(types) {
      await extensionsAt(client.host, client.api, types)
    },
    async version() {
      const text = await client.getVersion()
      const version = /"version":\s*"([^"]+)"/.exec(text)?.[1]
      if (version !== undefined) return version
      throw new GatecrashError('toxiproxy_unreachable', `${client.host} answers, but is no Toxiproxy: /version says ${text.slice(0, 80)}`)
    },
  }
  await connected.version()
  return connected
}

/** Under reset_peer only connections that begin under it end with a RST. So `addFault` closes those that are there. */
export function isForNewConnections(fault: NetworkFault): boolean {
  return fault.is === 'toxic' && fault.toxic.type === 'reset_peer'
}

async function addToxic(proxy: Proxy, id: string, { toxic, stream, toxicity }: NetworkFault & { is: 'toxic' }): Promise<void> {
  checkName('toxic', id)
  // The client's list of types lags behind what servers know.
  const body = { name: id, stream, toxicity, type: toxic.type as ToxicType, attributes: toxic.attributes }
  if (Object.hasOwn(toxics, toxic.type)) await proxy.addToxic(body)
  else await proxy.api.post(`${await extensionsAt(proxy.getHost(), proxy.api, [toxic.type])}/proxies/${proxy.name}/toxics`, body)
}

/**
 * Where toxics of our own are added. The server is asked first: a real one would answer 400 to an unknown type, and silently ignore
 * an unknown field.
 */
async function extensionsAt(host: string, api: Toxiproxy['api'], types: readonly string[]): Promise<string> {
  const url = host + EXTENSIONS_PATH
  const ours = types.filter((type) => !Object.hasOwn(toxics, type))
  if (ours.length === 0) return url
  const known = await api.get<ExtensionsJson>(url).catch((error: unknown) => {
    if (error instanceof GatecrashError && error.data['status'] === 404) return undefined
    throw error
  })
  const missing = ours.filter((type) => !known?.data.toxics.includes(type))
  if (missing.length === 0) return url
  throw new GatecrashError(
    'unsupported_backend',
    `the Toxiproxy at ${host} has no ${missing.join(' or ')} toxic; only the embedded server has: use --toxiproxy embedded`,
  )
}

function setEnabled(proxy: Proxy, enabled: boolean): Promise<Proxy> {
  // The client types updates as whole bodies, yet the server keeps what is absent. Sending `listen` back could
  // count as a change (`0.0.0.0:1` is reported as `[::]:1`) and drop every connection.
  return proxy.update({ enabled } as Parameters<Proxy['update']>[0])
}

function checkName(kind: string, name: string): void {
  if (!NAME.test(name))
    throw new GatecrashError('usage', `${kind} name ${JSON.stringify(name)} may hold only letters, digits, "_", "." and "-"; rename it`)
}
