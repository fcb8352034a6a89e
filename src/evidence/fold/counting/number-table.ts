// A time for each of many whole numbers of 32 bits, in one list: a `Map` would keep each time as an object of its own.
//
//   number   ·  7  ·  ·  9 23  ·  ·      a number stands at the place that it is mixed up to, or at the next one that is free
//   time     ·  t  ·  ·  t  t  ·  ·      each time stands beside its number, so that one look into memory gets both
import type { Ms } from '../../../kernel/clock.ts'

const FIRST_PLACES = 256

/** Odd, and about 2³² times the golden section: it mixes what the lowest bits tell into the highest. */
const MIXER = 0x9e3779b1

export class NumberTable {
  /** How many numbers have a time. */
  size = 0
  #places = FIRST_PLACES
  /** At each place a number and its time; NaN where the place is free. */
  #pairs = free(FIRST_PLACES)

  get(number: number): Ms | undefined {
    const at = this.#find(number)
    return Number.isNaN(this.#pairs[at]!) ? undefined : this.#pairs[at + 1]
  }

  set(number: number, t: Ms): void {
    const at = this.#find(number)
    const isNew = Number.isNaN(this.#pairs[at]!)
    this.#pairs[at] = number | 0
    this.#pairs[at + 1] = t
    // With every second place free, few places are looked at.
    if (isNew && ++this.size * 2 > this.#places) this.#grow()
  }

  /** Where the number stands, or would. */
  #find(number: number): number {
    const pairs = this.#pairs
    const last = this.#places - 1
    const wanted = number | 0
    let place = Math.imul(wanted, MIXER) >>> Math.clz32(last)
    while (pairs[2 * place] !== wanted && !Number.isNaN(pairs[2 * place]!)) place = (place + 1) & last
    return 2 * place
  }

  #grow(): void {
    const before = this.#pairs
    this.#places *= 2
    this.#pairs = free(this.#places)
    for (let at = 0; at < before.length; at += 2) {
      const number = before[at]!
      if (Number.isNaN(number)) continue
      const to = this.#find(number)
      this.#pairs[to] = number
      this.#pairs[to + 1] = before[at + 1]!
    }
  }
}

const free = (places: number): Float64Array => new Float64Array(2 * places).fill(Number.NaN)
