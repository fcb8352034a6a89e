// Whether what a gateway holds at rest grew in a soak, or was not given back. The first third of the rounds is compared with the last: caches and compiled code
// grow in the beginning, and come to an end.
import type { Holding } from './gateway.ts'

/** What the last rounds may hold more than the first: a share of it, and so much in any case. */
const MAY_GROW: Readonly<Record<'heap' | 'buffers' | 'rss' | 'openFiles', { share: number; least: number }>> = {
  heap: { share: 0.1, least: 4e6 },
  buffers: { share: 0.1, least: 4e6 },
  // Allocators keep what they once got.
  rss: { share: 0.3, least: 40e6 },
  openFiles: { share: 0, least: 25 },
}

/** A sentence for each thing that grew. */
export function growth(holdings: readonly Holding[]): string[] {
  const third = Math.max(1, Math.floor(holdings.length / 3))
  const [first, last] = [holdings.slice(0, third), holdings.slice(-third)]
  return (Object.keys(MAY_GROW) as (keyof typeof MAY_GROW)[]).flatMap((what) => {
    const { share, least } = MAY_GROW[what]
    const [before, after] = [median(first.map((each) => each[what])), median(last.map((each) => each[what]))]
    return after > before + Math.max(least, before * share) ? [`${what} grew from ${before} to ${after}`] : []
  })
}

/** A sentence for each thing that was not given back after a round. */
export function leftOver(holdings: readonly Holding[]): string[] {
  return holdings.flatMap((holding, round) =>
    (['inFlight', 'timeouts', 'bodyBytes'] as const).flatMap((what) =>
      holding[what] > 0 ? [`${what} is ${holding[what]} after round ${round + 1}, and nobody asks anything`] : [],
    ),
  )
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN
}
