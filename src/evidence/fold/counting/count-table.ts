// A table of counters by a few small numbers (places in the plan), which appear when first needed and come out in order.

export class CountTable<Cell> {
  readonly #sizes: readonly number[]
  readonly #make: (...key: number[]) => Cell
  readonly #cells: (Cell | undefined)[] = []

  /** `sizes`: how many values each number of a key can take. */
  constructor(sizes: readonly number[], make: (...key: number[]) => Cell) {
    this.#sizes = sizes
    this.#make = make
  }

  at(a: number, b: number, c = 0): Cell {
    const [, second = 1, third = 1] = this.#sizes
    const place = (a * second + b) * third + c
    return (this.#cells[place] ??= this.#make(a, b, c))
  }

  /** In the order of their keys, whatever order they were made in. */
  all(): Cell[] {
    return this.#cells.filter((cell) => cell !== undefined)
  }
}
