// One end of a TCP connection under test: it records what arrives and when, and every wait on it is bounded.
import { once } from 'node:events'
import { connect, createServer, type Socket } from 'node:net'
import { type Ms, realClock } from '../../../src/kernel/clock.ts'
import { listen, type Listening } from '../../../src/kernel/server.ts'

export type Ending = 'eof' | 'reset'

const PATIENCE: Ms = 5000

export class Peer {
  readonly socket: Socket
  readonly reads: { at: Ms; data: Buffer }[] = []
  /** How the other side ended; undefined while it has not. */
  ending: Ending | undefined
  endedAt: Ms = Number.NaN
  #bytes = 0
  readonly #watchers = new Set<() => void>()

  constructor(socket: Socket) {
    this.socket = socket
    socket.setNoDelay(true)
    socket.on('data', (data: Buffer) => {
      this.reads.push({ at: realClock.now(), data })
      this.#bytes += data.length
      this.#changed()
    })
    const ended = (ending: Ending): void => {
      if (this.ending) return
      this.ending = ending
      this.endedAt = realClock.now()
      this.#changed()
    }
    socket.on('end', () => ended('eof'))
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNRESET' || error.code === 'EPIPE') ended('reset')
    })
  }

  get bytes(): number {
    return this.#bytes
  }

  get received(): Buffer {
    return Buffer.concat(this.reads.map(({ data }) => data))
  }

  get text(): string {
    return this.received.toString('latin1')
  }

  /** Returns the time at which it was written. */
  write(data: string | Buffer): Ms {
    const at = realClock.now()
    this.socket.write(data)
    return at
  }

  /** Sends a FIN and goes on reading. */
  finish(): Ms {
    const at = realClock.now()
    this.socket.end()
    return at
  }

  /** Waits until `bytes` bytes have arrived in all, and returns when the last of them did. */
  async got(bytes: number, withinMs: Ms = PATIENCE): Promise<Ms> {
    await this.#until(
      () => this.#bytes >= bytes,
      withinMs,
      () => `only ${this.#bytes} of ${bytes} bytes arrived`,
    )
    let sum = 0
    return this.reads.find(({ data }) => (sum += data.length) >= bytes)?.at ?? realClock.now()
  }

  /** Waits for the other side's end. */
  async over(withinMs: Ms = PATIENCE): Promise<Ending> {
    await this.#until(
      () => this.ending !== undefined,
      withinMs,
      () => `no end after ${this.#bytes} bytes`,
    )
    return this.ending!
  }

  /** What comes late is told from what never comes: only lateness may be the machine's doing. */
  #until(condition: () => boolean, withinMs: Ms, complaint: () => string): Promise<void> {
    if (condition()) return Promise.resolve()
    const began = realClock.now()
    const patience = Math.max(withinMs, PATIENCE)
    return new Promise((resolve, reject) => {
      const done = (): void => {
        this.#watchers.delete(check)
        stop()
      }
      const check = (): void => {
        if (!condition()) return
        done()
        const took = realClock.now() - began
        if (took <= withinMs) resolve()
        else reject(new Error(`too late: ${took.toFixed(1)} ms instead of at most ${withinMs} ms`))
      }
      const stop = realClock.after(patience, () => {
        done()
        reject(new Error(`${complaint()} within ${patience} ms`))
      })
      this.#watchers.add(check)
    })
  }

  #changed(): void {
    for (const check of this.#watchers) check()
  }
}

/** Connects; rejects when refused. The other side's end does not end this side by itself. */
export async function dial(port: number, host = '127.0.0.1'): Promise<Peer> {
  const socket = connect({ port, host, allowHalfOpen: true, noDelay: true })
  await once(socket, 'connect')
  return new Peer(socket)
}

/** Whether a connection is refused. */
export async function refused(port: number): Promise<boolean> {
  const socket = connect({ port, host: '127.0.0.1' })
  const outcome = await Promise.race([
    once(socket, 'connect').then(() => false),
    once(socket, 'error').then(([error]) => (error as NodeJS.ErrnoException).code === 'ECONNREFUSED'),
  ]).catch((error: NodeJS.ErrnoException) => error.code === 'ECONNREFUSED')
  socket.destroy()
  return outcome
}

/** An upstream of the test: hands out its connections in the order of their arrival. */
export class Upstream implements AsyncDisposable {
  readonly peers: Peer[] = []
  readonly #listening: Listening
  readonly #waiting: ((peer: Peer) => void)[] = []
  #handedOut = 0

  private constructor(listening: Listening) {
    this.#listening = listening
  }

  /** `behaviour` runs on each connection as it comes in. */
  static async start(behaviour: (peer: Peer) => void = () => {}): Promise<Upstream> {
    const server = createServer({ allowHalfOpen: true, noDelay: true })
    const upstream = new Upstream(await listen(server))
    server.on('connection', (socket: Socket) => {
      const peer = new Peer(socket)
      upstream.peers.push(peer)
      behaviour(peer)
      upstream.#waiting.shift()?.(peer)
    })
    return upstream
  }

  get port(): number {
    return this.#listening.port
  }

  /** The next connection that was not handed out yet. */
  async next(withinMs: Ms = PATIENCE): Promise<Peer> {
    const index = this.#handedOut++
    if (this.peers[index]) return this.peers[index]
    return new Promise((resolve, reject) => {
      const stop = realClock.after(withinMs, () =>
        reject(new Error(`connection ${index} did not reach the upstream within ${withinMs} ms`)),
      )
      this.#waiting.push((peer) => {
        stop()
        resolve(peer)
      })
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#listening.close()
  }
}

export function echo(peer: Peer): void {
  peer.socket.on('data', (data) => peer.socket.write(data))
  peer.socket.on('end', () => peer.socket.end())
}

/** Whether a connection to an echo ends instead of answering. */
export async function isHit(client: Peer): Promise<boolean> {
  client.write('x')
  const hit = await Promise.race([client.got(1).then(() => false), client.over().then(() => true)])
  client.socket.destroy()
  return hit
}
