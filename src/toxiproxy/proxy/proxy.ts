// One proxy: a listener, its toxics, and the connections that run through it.
import type { Server, Socket } from 'node:net'
import type { Clock } from '../../kernel/clock.ts'
import { type ToxicOnProxy, readToxic, showToxic, type ToxicJson, updateToxic } from './toxic-on-proxy.ts'
import { formatAddress, parseAddress, resolveAddress } from '../address.ts'
import type { TapClients } from './client-tap.ts'
import { Connection, type ConnectionSetting } from './connection.ts'
import { startListener } from './listener.ts'
import { apiErrors } from '../api/api-error.ts'
import type { ProxyHooks } from './hooks.ts'
import type { ToxicType } from '../../faults/network/toxic.ts'

export interface ProxyFields {
  name: string
  listen: string
  upstream: string
  enabled: boolean
}

/** In the key order of Toxiproxy's answers. `Logger` leaks from the original, and strict decoders expect it. */
export interface ProxyJson extends ProxyFields {
  Logger: Record<string, never>
  toxics: ToxicJson[]
}

export interface ProxySetting {
  readonly clock: Clock
  readonly seed: number
  readonly hooks: readonly ProxyHooks[]
  /** Looks on at the client side of every connection. */
  readonly tapClients?: TapClients | undefined
  /** Connections pass on resets and half-closes of clients (see connection.ts). */
  readonly relay: boolean
}

export class Proxy {
  readonly name: string
  /** The bound address. Before the first start: the address that was asked for. */
  listen: string
  upstream: string
  /** Open connections, in the order of their arrival. */
  readonly connections = new Set<Connection>()
  readonly #setting: ProxySetting
  readonly #toxics: { upstream: ToxicOnProxy[]; downstream: ToxicOnProxy[] } = { upstream: [], downstream: [] }
  #server: Server | undefined
  #accepted = 0

  constructor({ name, listen, upstream }: ProxyFields, setting: ProxySetting) {
    this.name = name
    this.listen = listen
    this.upstream = upstream
    this.#setting = setting
  }

  get enabled(): boolean {
    return this.#server !== undefined
  }

  show(): ProxyJson {
    const { name, listen, upstream, enabled } = this
    return { name, listen, upstream, enabled, Logger: {}, toxics: this.toxics.map(showToxic) }
  }

  /** Binds the listener. Does nothing when it is bound. @throws ApiError 500 */
  async start(): Promise<void> {
    if (this.#server) return
    const { server, address } = await startListener(this.listen, (client) => this.#accept(client))
    this.listen = address
    this.#server = server
  }

  /** Refuses new connections, and ends the open ones. Resolves when the port is free. */
  async stop(): Promise<void> {
    const server = this.#server
    if (!server) return
    this.#server = undefined
    const closed = new Promise<void>((resolve) => server.close(() => resolve()))
    for (const connection of this.connections) connection.abort()
    await closed
  }

  /** Whether these fields ask for another listener or upstream. A running proxy has to restart then. @throws ApiError 500 */
  async differs({ listen, upstream }: Pick<ProxyFields, 'listen' | 'upstream'>): Promise<boolean> {
    const resolved = formatAddress(await resolveAddress(parseAddress(listen)))
    return resolved !== this.listen || upstream !== this.upstream
  }

  /** Connections survive unless listener or upstream change. Toxics always survive. @throws ApiError 500: the proxy is stopped then */
  async update({ listen, upstream, enabled }: Omit<ProxyFields, 'name'>): Promise<void> {
    if (await this.differs({ listen, upstream })) {
      await this.stop()
      this.listen = listen
      this.upstream = upstream
    }
    if (enabled) await this.start()
    else await this.stop()
  }

  /** All toxics: first those of the upstream direction, then the others, each by age. */
  get toxics(): ToxicOnProxy[] {
    return [...this.#toxics.upstream, ...this.#toxics.downstream]
  }

  /** @throws ApiError 404 */
  toxic(name: string): ToxicOnProxy {
    const found = this.toxics.find((toxic) => toxic.name === name)
    if (!found) throw apiErrors.noToxic()
    return found
  }

  /** Adds a toxic of one of `types`, to live connections too. @throws ApiError 400 or 409 */
  addToxic(body: unknown, types: Readonly<Record<string, ToxicType>>): ToxicOnProxy {
    const toxic = readToxic(body, types, (name) => this.toxics.some((other) => other.name === name))
    this.#toxics[toxic.stream].push(toxic)
    for (const connection of this.connections) connection.link(toxic.stream)?.add(toxic)
    for (const hook of this.#setting.hooks) hook.toxic?.('added', this.name, toxic.name)
    return toxic
  }

  /** @throws ApiError 400 or 404 */
  updateToxic(name: string, body: unknown): ToxicOnProxy {
    const toxic = this.toxic(name)
    updateToxic(toxic, body)
    for (const connection of this.connections) connection.link(toxic.stream)?.update(toxic)
    for (const hook of this.#setting.hooks) hook.toxic?.('updated', this.name, toxic.name)
    return toxic
  }

  /** @throws ApiError 404 */
  removeToxic(name: string): void {
    const toxic = this.toxic(name)
    const chain = this.#toxics[toxic.stream]
    chain.splice(chain.indexOf(toxic), 1)
    for (const connection of this.connections) connection.link(toxic.stream)?.remove(toxic)
    for (const hook of this.#setting.hooks) hook.toxic?.('removed', this.name, toxic.name)
  }

  #accept(client: Socket): void {
    const { clock, seed, hooks, relay, tapClients } = this.#setting
    const { name: proxy, listen: listener, upstream } = this
    const ordinal = this.#accepted++
    const setting: ConnectionSetting = {
      clock,
      seed,
      relay,
      proxy,
      connection: ordinal,
      openedAt: clock.now(),
      path: { proxy, listener, upstream },
      tap: tapClients?.(proxy, ordinal),
    }
    const connection = new Connection(setting, client, () => this.#toxics, {
      opened: () => {
        for (const hook of hooks) hook.opened?.(connection)
      },
      closed: (opened) => {
        this.connections.delete(connection)
        if (opened) for (const hook of hooks) hook.closed?.(connection)
      },
    })
    this.connections.add(connection)
  }
}
