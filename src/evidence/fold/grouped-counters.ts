// A table of counters that appear when first needed and come out in the order of their keys, whatever order they were made in.

export interface Cells<Cell> {
  at(key: readonly (string | number | boolean)[], make: () => Cell): Cell
  sorted(): Cell[]
}

export function cells<Cell>(): Cells<Cell> {
  const byKey = new Map<string, Cell>()
  return {
    at(key, make) {
      const text = JSON.stringify(key)
      let cell = byKey.get(text)
      if (!cell) byKey.set(text, (cell = make()))
      return cell
    },
    sorted: () => [...byKey].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, cell]) => cell),
  }
}
