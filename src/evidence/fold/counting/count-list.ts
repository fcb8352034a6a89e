// Lists of counts by a small number, such as a tick of time or a number of attempts. A list is as long as it has to be.

export function countAt(counts: number[], place: number, by = 1): void {
  while (counts.length <= place) counts.push(0)
  counts[place]! += by
}

export function addCounts(a: readonly number[], b: readonly number[]): number[] {
  const [sums, others] = a.length < b.length ? [[...b], a] : [[...a], b]
  for (let place = 0; place < others.length; place++) sums[place]! += others[place]!
  return sums
}
