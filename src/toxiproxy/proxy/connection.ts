// One client's connection: its socket, the socket to the upstream, and the two links between them.
//
//   client ══▶ Link "upstream" ══▶ server        the end of one socket travels the link and closes the other,
//          ◀══ Link "downstream" ◀══             whose end travels back: no half-open connections
//
// A relay stands before another Toxiproxy, and passes on a client's FIN as a FIN and a RST as a RST: both sides act as if they met
// directly. A FIN from the Toxiproxy behind it closes the client's side, since a Toxiproxy always closes a socket as a whole.
import { connect, Socket } from 'node:net'
import { parseAddress } from '../address.ts'
import type { ToxicStream } from '../../faults/network/toxic.ts'
import type { ClientTap } from './client-tap.ts'
import { Link, type LinkSetting } from './link.ts'
import { movedToReusedBuffer, reusedBuffer, type Reader } from './read-buffer.ts'
import type { ToxicOnProxy } from './toxic-on-proxy.ts'

/** Toxics in the order in which they act, by direction. */
export type Chains = Record<ToxicStream, readonly ToxicOnProxy[]>

/** Options of both sockets. Without allowHalfOpen Node would answer a FIN by itself, past slow_close and reset_peer. */
export const socketOptions = { allowHalfOpen: true, noDelay: true, keepAlive: true, keepAliveInitialDelay: 15_000 }

/** Between whom a connection runs. */
export interface Path {
  proxy: string
  /** The proxy's listen address. */
  listener: string
  upstream: string
}

export interface ConnectionSetting extends LinkSetting {
  readonly path: Path
  readonly relay: boolean
  readonly tap: ClientTap | undefined
}

export interface ConnectionEvents {
  /** The upstream was reached; data flows. */
  opened(): void
  /** Both sockets are gone. */
  closed(wasOpened: boolean): void
}

export class Connection {
  readonly setting: ConnectionSetting
  readonly #client: Socket
  readonly #server: Socket
  #links: Record<ToxicStream, Link> | undefined
  #endsWithReset = false

  /** Takes over `client`, which must be paused: what it sends early stays in the kernel until the upstream is reached. */
  constructor(setting: ConnectionSetting, client: Socket, chains: () => Chains, events: ConnectionEvents) {
    const { path, tap } = setting
    this.setting = setting
    this.#client = movedToReusedBuffer(client, this.#clientReader(tap))
    this.#server = dial(path.upstream, (data) => this.#links?.downstream.read(data) ?? false)
    let open = 2
    const watch = (socket: Socket, other: Socket): void => {
      // An error is followed by 'close', which is what counts to all but a relay.
      socket.on('error', () => this.#failed(other))
      socket.once('close', () => {
        if (--open === 0) events.closed(this.#links !== undefined)
        else if (!this.#links) this.abort()
      })
    }
    watch(this.#client, this.#server)
    watch(this.#server, this.#client)
    if (tap) this.#client.once('close', () => tap.closed())
    this.#server.once('connect', () => {
      this.#join(chains())
      events.opened()
    })
  }

  get links(): readonly Link[] {
    return this.#links ? [this.#links.upstream, this.#links.downstream] : []
  }

  link(stream: ToxicStream): Link | undefined {
    return this.#links?.[stream]
  }

  /** Ends both sides now; data held by toxics is lost. */
  abort(): void {
    for (const link of this.links) link.abandon()
    for (const socket of [this.#client, this.#server])
      if (this.#endsWithReset) socket.resetAndDestroy()
      else socket.destroy()
  }

  #clientReader(tap: ClientTap | undefined): Reader {
    const read: Reader = (data) => this.#links?.upstream.read(data) ?? false
    if (!tap) return read
    return (data) => {
      const isStillNeeded = read(data)
      tap.read(data)
      return isStillNeeded
    }
  }

  #join(chains: Chains): void {
    this.#endsWithReset = [...chains.upstream, ...chains.downstream].some((toxic) => toxic.type.resets)
    const [client, server] = [this.#client, this.#server]
    this.#links = {
      upstream: new Link(this.setting, 'upstream', client, server, chains.upstream, () => this.#close(server)),
      downstream: new Link(this.setting, 'downstream', server, client, chains.downstream, () => this.#close(client)),
    }
    client.resume()
  }

  /** One side was reset, or broke off. */
  #failed(other: Socket): void {
    if (!this.setting.relay || !this.#links) return
    this.#endsWithReset = true
    this.#close(other)
  }

  /** Closes behind what was written. A reset cannot follow a FIN (libuv refuses), so it has to be one or the other. */
  #close(socket: Socket): void {
    if (this.#endsWithReset && !socket.writableEnded) {
      if (socket.writableLength === 0) socket.resetAndDestroy()
      else socket.write('', () => socket.resetAndDestroy())
    } else if (this.setting.relay && !this.#endsWithReset && socket === this.#server) socket.end()
    else socket.destroySoon()
  }
}

/** An upstream address is judged only here, as in Toxiproxy: what cannot be read cannot be reached. */
function dial(upstream: string, read: Reader): Socket {
  try {
    const { host, port } = parseAddress(upstream)
    if (port > 0) return connect({ ...socketOptions, host: host || 'localhost', port, onread: reusedBuffer(read) })
    throw new Error(`no port in ${upstream}`)
  } catch (error) {
    return new Socket().destroy(error as Error)
  }
}
