// One client's connection: its socket, the one to the upstream, and the two links between them.
//
//   client ══▶ Link "upstream" ══▶ server        the end of one socket travels the link and closes the other,
//          ◀══ Link "downstream" ◀══             whose end travels back: no half-open connections
import { connect, Socket } from 'node:net'
import { parseAddress } from '../address.ts'
import type { ToxicOnProxy } from './toxic-on-proxy.ts'
import { Link, type LinkSetting } from './link.ts'
import type { Path } from './path.ts'
import { movedToReusedBuffer, reusedBuffer, type Reader } from './read-buffer.ts'
import type { ToxicStream } from '../toxics/toxic-spec.ts'

/** Toxics in the order in which they act, by direction. */
export type Chains = Record<ToxicStream, readonly ToxicOnProxy[]>

/** Options of both sockets. Without allowHalfOpen Node would answer a FIN by itself, past slow_close and reset_peer. */
export const socketOptions = { allowHalfOpen: true, noDelay: true, keepAlive: true, keepAliveInitialDelay: 15_000 }

export interface ConnectionEvents {
  /** The upstream was reached; data flows. */
  opened(): void
  /** Both sockets are gone. */
  closed(wasOpened: boolean): void
}

export class Connection {
  readonly setting: LinkSetting
  readonly path: Path
  readonly #client: Socket
  readonly #server: Socket
  #links: Record<ToxicStream, Link> | undefined
  #endsWithReset = false

  /** Takes over `client`, which must be paused: what it sends early stays in the kernel until the upstream is reached. */
  constructor(setting: LinkSetting, path: Path, client: Socket, chains: () => Chains, events: ConnectionEvents) {
    this.setting = setting
    this.path = path
    this.#client = movedToReusedBuffer(client, (data) => this.#links?.upstream.read(data) ?? false)
    this.#server = dial(path.upstream, (data) => this.#links?.downstream.read(data) ?? false)
    let open = 2
    for (const socket of [this.#client, this.#server]) {
      // An error is followed by 'close', which is what counts.
      socket.on('error', () => {})
      socket.once('close', () => {
        if (--open === 0) events.closed(this.#links !== undefined)
        else if (!this.#links) this.abort()
      })
    }
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

  #join(chains: Chains): void {
    this.#endsWithReset = [...chains.upstream, ...chains.downstream].some((toxic) => toxic.type.resets)
    const [client, server] = [this.#client, this.#server]
    this.#links = {
      upstream: new Link(this.setting, 'upstream', client, server, chains.upstream, () => this.#close(server)),
      downstream: new Link(this.setting, 'downstream', server, client, chains.downstream, () => this.#close(client)),
    }
    client.resume()
  }

  /** Closes behind what was written. A reset cannot follow a FIN (libuv refuses), so it has to be one or the other. */
  #close(socket: Socket): void {
    if (!this.#endsWithReset) socket.destroySoon()
    else if (socket.writableLength === 0) socket.resetAndDestroy()
    else socket.write('', () => socket.resetAndDestroy())
  }
}

/** An upstream address is judged only here, as Toxiproxy does: what cannot be read cannot be reached. */
function dial(upstream: string, read: Reader): Socket {
  try {
    const { host, port } = parseAddress(upstream)
    if (port > 0) return connect({ ...socketOptions, host: host || 'localhost', port, onread: reusedBuffer(read) })
    throw new Error(`no port in ${upstream}`)
  } catch (error) {
    return new Socket().destroy(error as Error)
  }
}
