// A line in which the first is served first. Those that were served are cut off when they are half of it: to take the first out of a list
// moves all others.

const FEWEST_CUT = 64

export class WaitingLine<Each> {
  #line: (Each | undefined)[] = []
  /** Those before it were served. */
  #next = 0

  join(each: Each): void {
    this.#line.push(each)
  }

  get first(): Each | undefined {
    return this.#line[this.#next]
  }

  /** The first has been served. */
  leave(): void {
    this.#line[this.#next++] = undefined // else it would be kept until it is cut off
    if (this.#next < FEWEST_CUT || this.#next * 2 < this.#line.length) return
    this.#line = this.#line.slice(this.#next)
    this.#next = 0
  }
}
