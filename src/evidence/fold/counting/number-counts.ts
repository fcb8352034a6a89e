// How often each of many whole numbers (from 0, of 32 bits) was met. What is met is noted in a list, which is short and written in order;
// it is sorted and counted when it is long, and at the end. Memory grows with how many different numbers there are, and not with how many
// are met.
import { inOrder } from './in-order.ts'

/** So many are noted at least before they are counted. */
const LEAST_NOTED = 16_384

/** A list has room for so many at first, and for so many times as many whenever it grows. */
const FIRST_ROOM = 16
const GROWTH = 4

const none = new Uint32Array(0)

/** In order of the numbers, each once. `counts[i]`: how often `numbers[i]` was met. */
export interface Counts {
  readonly numbers: Uint32Array
  readonly counts: Uint32Array
}

export class NumberCounts {
  /** As far as `#length`. */
  #noted = none
  #length = 0
  #most = LEAST_NOTED
  /** Those that are not noted any more. */
  #counted: Counts = { numbers: none, counts: none }

  add(number: number): void {
    if (this.#length === this.#noted.length) this.#makeRoom()
    this.#noted[this.#length++] = number
  }

  result(): Counts {
    if (this.#length > 0) this.#count()
    return this.#counted
  }

  #makeRoom(): void {
    if (this.#length < this.#most) {
      const noted = new Uint32Array(Math.max(FIRST_ROOM, GROWTH * this.#length))
      noted.set(this.#noted)
      this.#noted = noted
      return
    }
    this.#count()
    // Else a list of many different numbers would be gone through for every few.
    this.#most = Math.max(LEAST_NOTED, this.#counted.numbers.length)
  }

  #count(): void {
    const sorted = inOrder(this.#noted.subarray(0, this.#length))
    const known = this.#counted
    const numbers = new Uint32Array(known.numbers.length + sorted.length)
    const counts = new Uint32Array(numbers.length)
    let length = 0
    let before = 0
    for (let at = 0; at < sorted.length;) {
      const number = sorted[at]!
      const first = at
      while (at < sorted.length && sorted[at] === number) at++
      for (; before < known.numbers.length && known.numbers[before]! <= number; before++, length++) {
        numbers[length] = known.numbers[before]!
        counts[length] = known.counts[before]!
      }
      if (length === 0 || numbers[length - 1] !== number) numbers[length++] = number
      counts[length - 1]! += at - first
    }
    numbers.set(known.numbers.subarray(before), length)
    counts.set(known.counts.subarray(before), length)
    length += known.numbers.length - before
    this.#counted = { numbers: numbers.subarray(0, length), counts: counts.subarray(0, length) }
    this.#length = 0
  }
}
