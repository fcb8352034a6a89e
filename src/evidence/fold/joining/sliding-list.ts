// A list by ordinal whose front is forgotten: ordinals come nearly in order, and are over nearly in order.
//
//   ring   ·  ·  O  v  v  O  v  ·  ·      a place for each ordinal from the front to the end, again and again
//                   └front         └end   O: over

/** What an ordinal is when it is over. */
export const OVER = Symbol('over')

// Ordinals that are never used (a request that was never sent) must not hold all above them for ever.
const MAX_HELD = 262_144
const FIRST_ROOM = 64

export class SlidingList<Value extends object> {
  /** All before this one are over. */
  #front = 0
  /** All from this one on were never set. */
  #end = 0
  /** As many as a power of two. */
  #ring = roomFor<Value>(FIRST_ROOM)

  /** Undefined where nothing was set; OVER where it is over. */
  get(ordinal: number): Value | typeof OVER | undefined {
    if (ordinal < this.#front) return OVER
    return ordinal < this.#end ? this.#ring[ordinal & (this.#ring.length - 1)] : undefined
  }

  /** Not for an ordinal that is over. False, and nothing set, for one that is too far from all others to be one of this list. */
  set(ordinal: number, value: Value): boolean {
    if (ordinal > this.#end + MAX_HELD) return false
    while (ordinal - this.#front >= this.#ring.length) this.#grow()
    this.#ring[ordinal & (this.#ring.length - 1)] = value
    if (ordinal >= this.#end) this.#end = ordinal + 1
    return true
  }

  /** For one that was set. */
  end(ordinal: number): void {
    if (ordinal < this.#front) return
    const ring = this.#ring
    const last = ring.length - 1
    ring[ordinal & last] = OVER
    for (let place = this.#front & last; ring[place] === OVER; place = this.#front & last) {
      ring[place] = undefined
      this.#front++
    }
    if (this.#end - this.#front > MAX_HELD) this.#skipUnused()
  }

  /** What is not over, in order. */
  *values(): Generator<Value> {
    for (let ordinal = this.#front; ordinal < this.#end; ordinal++) {
      const value = this.get(ordinal)
      if (value !== undefined && value !== OVER) yield value
    }
  }

  #grow(): void {
    const ring = roomFor<Value>(2 * this.#ring.length)
    for (let ordinal = this.#front; ordinal < this.#end; ordinal++) ring[ordinal & (ring.length - 1)] = this.get(ordinal)
    this.#ring = ring
  }

  /** Ordinals at the front that were never used are given up, as if they were over. */
  #skipUnused(): void {
    const last = this.#ring.length - 1
    while (this.#front < this.#end && typeof this.#ring[this.#front & last] !== 'object') this.#ring[this.#front++ & last] = undefined
  }
}

const roomFor = <Value>(count: number): (Value | typeof OVER | undefined)[] => Array.from({ length: count }, () => undefined)
