// One place in a link's chain: a toxic at work, the chunks that wait in front of it, and where it hands chunks on.
//
//   previous ──take──▶ [ queue | flow ] ──take──▶ next slot, or the socket
//            ◀──run───                  ◀──run───   "there is room again"
import type { Clock, Ms } from '../../kernel/clock.ts'
import type { Cancel } from '../../kernel/clock.ts'
import type { Random } from '../../kernel/random.ts'
import type { Chunk, Flow, Line } from '../../faults/network/toxic.ts'

/** Whatever a slot hands chunks to. It refuses no chunk; `full` asks the slot to hold back. */
export interface Outlet {
  readonly full: boolean
  take(chunk: Chunk): void
  end(): void
}

export interface SlotSetting {
  readonly clock: Clock
  readonly random: Random
  readonly openedAt: Ms
  readonly connection: number
}

export class Slot implements Line, Outlet {
  readonly clock: Clock
  readonly random: Random
  readonly openedAt: Ms
  readonly connection: number
  /** Where chunks go. */
  outlet: Outlet
  /** Is told when there is room again. */
  previous: { run(): void }

  #capacity: number
  #flow: Flow
  readonly #queue: Chunk[] = []
  #ended = false
  #closed = false
  #busy = false
  #running = false
  #clearTimer: Cancel = () => {}

  constructor(setting: SlotSetting, capacity: number, outlet: Outlet, previous: { run(): void }, start: (line: Line) => Flow) {
    this.clock = setting.clock
    this.random = setting.random
    this.openedAt = setting.openedAt
    this.connection = setting.connection
    this.#capacity = capacity
    this.outlet = outlet
    this.previous = previous
    this.#flow = start(this)
  }

  get full(): boolean {
    return this.#closed || this.#queue.length >= this.#capacity
  }

  get closed(): boolean {
    return this.#closed
  }

  /** Whether the toxic can no longer be taken away: the line is closed, or about to be. */
  get settled(): boolean {
    return this.#closed || this.#flow.committed === true
  }

  take(chunk: Chunk): void {
    if (this.#closed) return
    this.#queue.push(chunk)
    this.run()
  }

  end(): void {
    this.#ended = true
    this.run()
  }

  /** Feeds the flow for as long as it takes chunks, and asks the previous slot for more when there is room. */
  run(): void {
    // A flow that calls `next` at once gets here from inside the loop. The loop goes on by itself.
    if (this.#running) return
    this.#running = true
    while (!this.#busy && !this.#closed) {
      if (this.#queue.length > 0) {
        if (this.outlet.full && !this.#flow.absorbs) break
        this.#busy = true
        this.#flow.chunk(this.#queue.shift()!)
      } else if (this.#ended) {
        this.#busy = true
        if (this.#flow.end) this.#flow.end()
        else this.close()
      } else break
    }
    this.#running = false
    if (!this.full) this.previous.run()
  }

  /** Stops the flow, which hands on what it holds. */
  interrupt(): void {
    if (this.settled) return
    this.#clearTimer()
    this.#flow.interrupt?.()
    this.#busy = true
  }

  /** Puts a new flow in place of the interrupted one. */
  restart(start: (line: Line) => Flow): void {
    if (this.settled) return
    this.#flow = start(this)
    this.#busy = false
    this.run()
  }

  /** Hands on every waiting chunk, since this slot is leaving. True when the end of the stream waited too. */
  drain(): boolean {
    for (const chunk of this.#queue.splice(0)) this.outlet.take(chunk)
    this.#closed = true
    return this.#ended
  }

  /** Ends without handing anything on, since the socket behind is gone. */
  abandon(): void {
    this.#clearTimer()
    this.#closed = true
    this.#queue.length = 0
  }

  // Line: what the flow calls.

  pass(chunk: Chunk): void {
    if (!this.#closed) this.outlet.take(chunk)
  }

  next(): void {
    this.#busy = false
    this.run()
  }

  at(deadline: Ms, fn: () => void): void {
    this.#clearTimer()
    this.#clearTimer = this.clock.after(deadline - this.clock.now(), fn)
  }

  close(): void {
    if (this.#closed) return
    this.abandon()
    this.outlet.end()
  }
}
