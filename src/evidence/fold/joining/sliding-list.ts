// A list by ordinal whose front is forgotten: ordinals come nearly in order, and are over nearly in order.

/** What an ordinal is when it is over. */
export const OVER = Symbol('over')

// Ordinals that are never used (a request that was never sent) must not hold all above them for ever.
const MAX_HELD = 262_144
const COMPACT_FROM = 4096

export class SlidingList<Value extends object> {
  /** The ordinal of `#slots[0]`. */
  #first = 0
  /** Slots before this one are over. */
  #front = 0
  #slots: (Value | typeof OVER | undefined)[] = []

  /** Undefined where nothing was set; OVER where it is over. */
  get(ordinal: number): Value | typeof OVER | undefined {
    return ordinal < this.#first ? OVER : this.#slots[ordinal - this.#first]
  }

  /** Not for an ordinal that is over. False, and nothing set, for one that is too far from all others to be one of this list. */
  set(ordinal: number, value: Value): boolean {
    const slot = ordinal - this.#first
    if (slot > this.#slots.length + MAX_HELD) return false
    while (this.#slots.length < slot) this.#slots.push(undefined)
    this.#slots[slot] = value
    return true
  }

  end(ordinal: number): void {
    if (ordinal < this.#first) return
    this.#slots[ordinal - this.#first] = OVER
    while (this.#slots[this.#front] === OVER) this.#front++
    if (this.#front >= COMPACT_FROM && this.#front * 2 >= this.#slots.length) this.#forget(this.#front)
    else if (this.#slots.length > MAX_HELD) this.#skipUnused()
  }

  /** What is not over, in order. */
  *values(): Generator<Value> {
    for (const value of this.#slots) if (value !== undefined && value !== OVER) yield value
  }

  #forget(count: number): void {
    this.#slots = this.#slots.slice(count)
    this.#first += count
    this.#front = 0
  }

  /** Ordinals at the front that were never used are given up, as if they were over. */
  #skipUnused(): void {
    let front = this.#front
    while (front < this.#slots.length && (this.#slots[front] === OVER || this.#slots[front] === undefined)) front++
    this.#forget(front)
  }
}
