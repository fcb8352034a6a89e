// Lists of counts by a small number, such as a tick of time or a number of attempts. A list is as long as it has to be.

export function countAt(counts: number[], place: number, by = 1): void {
  while (counts.length <= place) counts.push(0)
  counts[place]! += by
}

export const addCounts = (a: readonly number[], b: readonly number[]): number[] =>
  Array.from({ length: Math.max(a.length, b.length) }, (_, place) => (a[place] ?? 0) + (b[place] ?? 0))
