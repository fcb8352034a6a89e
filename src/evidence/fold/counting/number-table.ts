// A time for each of many whole numbers of 32 bits, in columns: a `Map` would keep each time as an object of its own.
//
//   number   ·  7  ·  ·  9 23  ·  ·      a number stands at the place that it is mixed up to, or at the next one that is free
//   time     ·  t  ·  ·  t  t  ·  ·
import type { Ms } from '../../../kernel/clock.ts'

const FIRST_PLACES = 256

/** Odd, and about 2³² times the golden section: it mixes what the lowest bits tell into the highest. */
const MIXER = 0x9e3779b1

export class NumberTable {
  /** How many numbers have a time. */
  size = 0
  #numbers = new Int32Array(FIRST_PLACES)
  /** NaN where the place is free. */
  #times = new Float64Array(FIRST_PLACES).fill(Number.NaN)

  get(number: number): Ms | undefined {
    const t = this.#times[this.#placeOf(number)]!
    return Number.isNaN(t) ? undefined : t
  }

  /** `t` is a number, and not NaN. */
  set(number: number, t: Ms): void {
    const place = this.#placeOf(number)
    const isNew = Number.isNaN(this.#times[place]!)
    this.#numbers[place] = number
    this.#times[place] = t
    // With every second place free, few places are looked at.
    if (isNew && ++this.size * 2 > this.#times.length) this.#grow()
  }

  /** Where the number stands, or would. */
  #placeOf(number: number): number {
    const last = this.#times.length - 1
    let place = Math.imul(number, MIXER) >>> Math.clz32(last)
    while (this.#numbers[place] !== (number | 0) && !Number.isNaN(this.#times[place]!)) place = (place + 1) & last
    return place
  }

  #grow(): void {
    const [numbers, times] = [this.#numbers, this.#times]
    this.#numbers = new Int32Array(2 * numbers.length)
    this.#times = new Float64Array(2 * times.length).fill(Number.NaN)
    for (let at = 0; at < times.length; at++) {
      if (Number.isNaN(times[at]!)) continue
      const place = this.#placeOf(numbers[at]!)
      this.#numbers[place] = numbers[at]!
      this.#times[place] = times[at]!
    }
  }
}
