// A table of counters by a few small numbers (places in the plan), which appear when first needed and come out in order.

export class CountTable<Cell> {
  readonly #second: number
  readonly #third: number
  readonly #make: (...key: number[]) => Cell
  readonly #cells: (Cell | undefined)[] = []

  /** `sizes`: how many values each number of a key can take. */
  constructor([, second = 1, third = 1]: readonly number[], make: (...key: number[]) => Cell) {
    this.#second = second
    this.#third = third
    this.#make = make
  }

  at(a: number, b: number, c = 0): Cell {
    const place = (a * this.#second + b) * this.#third + c
    return (this.#cells[place] ??= this.#make(a, b, c))
  }

  /** In the order of their keys, whatever order they were made in. */
  all(): Cell[] {
    return this.#cells.filter((cell) => cell !== undefined)
  }
}
