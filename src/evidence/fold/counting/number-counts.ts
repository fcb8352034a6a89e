// How often each of many whole numbers (from 0, of 32 bits) was met. What is met is noted in a list, which is short and written in order; it is sorted and
// counted when it is long, and at the end. Memory grows with how many different numbers there are, and not with how many are met.

/** So many are noted at least before they are counted. */
const LEAST_NOTED = 4096

export class NumberCounts {
  #noted: number[] = []
  #room = LEAST_NOTED
  /** Those that were counted, in order, with their counts. */
  #numbers = new Uint32Array(0)
  #counts = new Uint32Array(0)

  add(number: number): void {
    if (this.#noted.push(number) === this.#room) this.#count()
  }

  /** In order of the numbers. */
  forEach(take: (number: number, count: number) => void): void {
    this.#count()
    for (let at = 0; at < this.#numbers.length; at++) take(this.#numbers[at]!, this.#counts[at]!)
  }

  #count(): void {
    if (this.#noted.length === 0) return
    const sorted = new Uint32Array(this.#noted).toSorted()
    const [numbers, counts] = [this.#numbers, this.#counts]
    const merged = new Uint32Array(numbers.length + sorted.length)
    const mergedCounts = new Uint32Array(merged.length)
    let last = -1
    const put = (number: number, count: number): void => {
      if (last < 0 || merged[last] !== number) merged[++last] = number
      mergedCounts[last]! += count
    }
    let at = 0
    for (const number of sorted) {
      for (; at < numbers.length && numbers[at]! <= number; at++) put(numbers[at]!, counts[at]!)
      put(number, 1)
    }
    for (; at < numbers.length; at++) put(numbers[at]!, counts[at]!)
    this.#noted = []
    this.#numbers = merged.slice(0, last + 1)
    this.#counts = mergedCounts.slice(0, last + 1)
    // Else a list of many different numbers would be gone through for every few.
    this.#room = Math.max(LEAST_NOTED, 2 * this.#numbers.length)
  }
}
