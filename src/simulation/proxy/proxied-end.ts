// One end of a simulated connection through a proxy, as the proxy's links see a socket: what its owner sends comes out of it, and what is
// written to it reaches its owner. No buffer is ever full.
import type { Destination, Source } from '../../toxiproxy/proxy/link.ts'

export interface Owner {
  /** Bytes have arrived. */
  received(data: Buffer): void
  /** The other side has closed. */
  closed(): void
  /** It has ended itself, with whatever it was doing. */
  died(): void
}

export class ProxiedEnd implements Source, Destination {
  readonly writableLength = 0
  readonly writableNeedDrain = false
  isClosed = false
  readonly #owner: Owner
  #read: (data: Buffer) => void = () => {}
  readonly #onClose: (() => void)[] = []
  #isPaused = false
  #held: Buffer[] = []

  constructor(owner: Owner) {
    this.#owner = owner
  }

  /** Where the link takes what the owner sends. */
  readBy(read: (data: Buffer) => void): void {
    this.#read = read
  }

  /** By the owner. */
  send(data: Buffer): void {
    if (this.isClosed) return
    if (this.#isPaused) this.#held.push(data)
    else this.#read(data)
  }

  /** By either side: nothing goes in or out any more. */
  close(by: 'owner' | 'proxy'): void {
    if (this.isClosed) return
    this.isClosed = true
    for (const listener of this.#onClose) listener()
    if (by === 'proxy') this.#owner.closed()
  }

  /** Its owner is killed. */
  die(): void {
    if (this.isClosed) return
    this.#owner.died()
    this.close('owner')
  }

  // What a link asks of a socket.

  on(): void {
    // It never has to drain.
  }

  once(event: 'end' | 'close', listener: () => void): void {
    if (event === 'close') this.#onClose.push(listener)
  }

  write(data: Buffer): boolean {
    if (!this.isClosed) this.#owner.received(data)
    return true
  }

  pause(): void {
    this.#isPaused = true
  }

  resume(): void {
    this.#isPaused = false
    while (!this.#isPaused && this.#held.length > 0) this.#read(this.#held.shift()!)
  }

  isPaused(): boolean {
    return this.#isPaused
  }
}
