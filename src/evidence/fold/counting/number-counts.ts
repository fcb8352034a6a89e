// How often each of many whole numbers (from 0, of 32 bits) was met. What is met is noted in a list, which is short and written in order;
// it is sorted and counted when it is long, and at the end. Memory grows with how many different numbers there are, and not with how many
// are met.

/** So many are noted at least before they are counted. */
const LEAST_NOTED = 4096

type Take = (number: number, count: number) => void

export class NumberCounts {
  #noted: number[] = []
  #room = LEAST_NOTED
  /** Those that were counted, in order, each with its count after it. */
  #counted: number[] = []

  add(number: number): void {
    if (this.#noted.push(number) < this.#room) return
    const counted: number[] = []
    this.forEach((each, count) => void counted.push(each, count))
    this.#noted = []
    this.#counted = counted
    // Else a list of many different numbers would be gone through for every few.
    this.#room = Math.max(LEAST_NOTED, counted.length)
  }

  /** In order of the numbers. */
  forEach(take: Take): void {
    const sorted = new Uint32Array(this.#noted).toSorted()
    const counted = this.#counted
    let before = 0
    for (let at = 0; at < sorted.length;) {
      const number = sorted[at]!
      const first = at
      while (at < sorted.length && sorted[at] === number) at++
      for (; before < counted.length && counted[before]! < number; before += 2) take(counted[before]!, counted[before + 1]!)
      const isKnown = before < counted.length && counted[before] === number
      take(number, at - first + (isKnown ? counted[before + 1]! : 0))
      if (isKnown) before += 2
    }
    for (; before < counted.length; before += 2) take(counted[before]!, counted[before + 1]!)
  }
}
