// A time for each of many whole numbers of 32 bits: a `Map` would keep each time as an object of its own.
//
//   place     ·  2  ·  ·  1  3  ·  ·     a number is looked for at the place that it is mixed up to, or at the next ones
//                │        │  │
//   numbers   9  7  23 ◀──┴──┘           all in the order in which they came, so that what is new is written beside what came last
//   times     t  t  t
import type { Ms } from '../../../kernel/clock.ts'

/** A power of two. */
const FIRST_PLACES = 512

/** Odd, and about 2³² times the golden section: it mixes what the lowest bits tell into the highest. */
const MIXER = 0x9e3779b1

export class NumberTable {
  /** How many numbers have a time. */
  size = 0
  /** Each number's ordinal, from 1; 0 where the place is free. Twice as many as there is room for numbers: then few are looked at. */
  #places = new Int32Array(FIRST_PLACES)
  #numbers = new Int32Array(FIRST_PLACES / 2)
  #times = new Float64Array(FIRST_PLACES / 2)

  get(number: number): Ms | undefined {
    const ordinal = this.#places[this.#find(number)]!
    return ordinal === 0 ? undefined : this.#times[ordinal - 1]
  }

  set(number: number, t: Ms): void {
    if (this.size === this.#numbers.length) this.#grow()
    const place = this.#find(number)
    let ordinal = this.#places[place]!
    if (ordinal === 0) {
      this.#numbers[this.size] = number
      ordinal = ++this.size
      this.#places[place] = ordinal
    }
    this.#times[ordinal - 1] = t
  }

  /** Where the number stands, or would. */
  #find(number: number): number {
    const places = this.#places
    const last = places.length - 1
    const wanted = number | 0
    let place = Math.imul(wanted, MIXER) >>> Math.clz32(last)
    for (let ordinal = places[place]!; ordinal !== 0 && this.#numbers[ordinal - 1] !== wanted; ordinal = places[place]!)
      place = (place + 1) & last
    return place
  }

  #grow(): void {
    const [numbers, times] = [this.#numbers, this.#times]
    this.#numbers = new Int32Array(2 * numbers.length)
    this.#numbers.set(numbers)
    this.#times = new Float64Array(2 * times.length)
    this.#times.set(times)
    this.#places = new Int32Array(2 * this.#places.length)
    for (let at = 0; at < this.size; at++) this.#places[this.#find(numbers[at]!)] = at + 1
  }
}
