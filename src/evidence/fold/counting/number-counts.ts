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
    const met = runsOf(inOrder(this.#noted.subarray(0, this.#length)))
    this.#counted = this.#counted.numbers.length === 0 ? met : merged(this.#counted, met)
    this.#length = 0
  }
}

/** `sorted`: as they were met, in order. */
function runsOf(sorted: Uint32Array): Counts {
  const numbers = new Uint32Array(sorted.length)
  const counts = new Uint32Array(sorted.length)
  let length = 0
  for (let at = 0; at < sorted.length; length++) {
    const number = sorted[at]!
    const first = at
    do at++
    while (at < sorted.length && sorted[at] === number)
    numbers[length] = number
    counts[length] = at - first
  }
  return { numbers: numbers.subarray(0, length), counts: counts.subarray(0, length) }
}

function merged(one: Counts, other: Counts): Counts {
  const numbers = new Uint32Array(one.numbers.length + other.numbers.length)
  const counts = new Uint32Array(numbers.length)
  let [ours, theirs, length] = [0, 0, 0]
  for (; ours < one.numbers.length || theirs < other.numbers.length; length++) {
    const our = one.numbers[ours] ?? Number.POSITIVE_INFINITY
    const their = other.numbers[theirs] ?? Number.POSITIVE_INFINITY
    numbers[length] = Math.min(our, their)
    if (our <= their) counts[length]! += one.counts[ours++]!
    if (their <= our) counts[length]! += other.counts[theirs++]!
  }
  return { numbers: numbers.subarray(0, length), counts: counts.subarray(0, length) }
}
