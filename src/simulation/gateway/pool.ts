// The gateway's connections to one upstream, as undici's pool keeps them: a request takes the first that is free, in the order in which
// they were made, or makes one. One that was not used for four seconds is closed.
import type { Ms } from '../../kernel/clock.ts'
import type { SimulatedProxy } from '../proxy/proxy.ts'
import { Socket } from '../proxy/socket.ts'
import type { World } from '../world.ts'

// undici's own default.
const KEEP_ALIVE: Ms = 4000

export interface Connection {
  readonly place: number
  /** Ordinal at the proxy of its present socket; −1 without one. */
  ordinal: number
  isBusy: boolean
  /** Where a proxy with faults stands before the upstream, and that one takes connections. */
  socket: Socket | undefined
  /** Since when nothing is under way on it. */
  freeSince: Ms
}

export class Pool {
  readonly #upstream: string
  readonly #world: World
  readonly #proxy: SimulatedProxy | undefined
  readonly #connections: Connection[] = []
  /** All before this place are busy. */
  #freeFrom = 0
  #opened = 0

  constructor(upstream: string, world: World, proxy?: SimulatedProxy) {
    this.#upstream = upstream
    this.#proxy = proxy
    this.#world = world
  }

  /** A free connection. One without a socket must be opened. */
  take(): Connection {
    let place = this.#freeFrom
    while (place < this.#connections.length && this.#connections[place]!.isBusy) place++
    this.#freeFrom = place + 1
    let connection = this.#connections[place]
    if (!connection) this.#connections.push((connection = { place, ordinal: -1, socket: undefined, isBusy: false, freeSince: 0 }))
    this.#closeUnused(connection)
    connection.isBusy = true
    return connection
  }

  /** Returns when it will be open. */
  open(connection: Connection): Ms {
    const connectMs = this.#world.legs.connect.next()
    connection.ordinal = this.#opened++
    if (this.#proxy && !this.#proxy.isAlone) {
      const socket = new Socket(this.#proxy, this.#world.queue, connection.ordinal, () => {
        if (connection.socket === socket) this.#lose(connection)
      })
      connection.socket = socket
    }
    this.#tell(connection.ordinal, 'opened', this.#world.queue.now() + connectMs)
    return connectMs
  }

  /** Its request is over, and it can serve again. */
  free(connection: Connection): void {
    connection.isBusy = false
    connection.freeSince = this.#world.queue.now()
    if (connection.place < this.#freeFrom) this.#freeFrom = connection.place
  }

  /** Its socket is gone, with whatever was under way on it. */
  close(connection: Connection): void {
    this.#lose(connection)
    this.free(connection)
  }

  #lose(connection: Connection): void {
    if (connection.ordinal >= 0) this.#tell(connection.ordinal, 'closed', this.#world.queue.now())
    connection.ordinal = -1
    connection.socket = undefined
  }

  /** Sockets that are open. */
  get openSockets(): number {
    let open = 0
    for (const connection of this.#connections) {
      this.#closeUnused(connection)
      if (connection.ordinal >= 0) open++
    }
    return open
  }

  #closeUnused(connection: Connection): void {
    const end = connection.freeSince + KEEP_ALIVE
    if (connection.isBusy || connection.ordinal < 0 || end > this.#world.queue.now()) return
    this.#tell(connection.ordinal, 'closed', end)
    connection.socket?.connection.gateway.close('owner')
    connection.socket = undefined
    connection.ordinal = -1
  }

  #tell(connection: number, edge: 'opened' | 'closed', t: Ms): void {
    this.#world.write({ type: 'connection', t, upstream: this.#upstream, connection, edge })
  }
}
