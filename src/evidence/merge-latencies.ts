// Samples of several histograms together, each in the bin that it had.
import { inOrder } from './fold/counting/in-order.ts'
import { FINE_BINS, fineBinOf, type Latencies, listOf, noLatencies } from './latency-histogram.ts'

/** Up to so many are compared bin by bin, two at a time; of more, each bin would be moved too often. */
const FEW = 8

/** Bins are in order of their upper edges, of two precisions then of the lower ones. */
export function mergeLatencies(parts: Iterable<Latencies>): Latencies {
  const some = [...parts].filter(({ totalCount }) => totalCount > 0)
  return some.length > FEW ? byPlace(some) : pairwise(some)
}

function pairwise(parts: readonly Latencies[]): Latencies {
  // The smallest first: few bins are moved more than once.
  let left = parts.toSorted((a, b) => a.bins.length - b.bins.length)
  while (left.length > 1) left = Array.from({ length: Math.ceil(left.length / 2) }, (_, at) => both(left[2 * at]!, left[2 * at + 1]))
  return left[0] ?? noLatencies
}

function both(one: Latencies, other: Latencies | undefined): Latencies {
  if (other === undefined) return one
  const [ours, theirs] = [one.bins, other.bins]
  const bins = listOf(ours.length + theirs.length)
  let [our, their, slot] = [0, 0, 0]
  while (our < ours.length || their < theirs.length) {
    const order =
      our === ours.length ? 1 : their === theirs.length ? -1 : ours[our + 1]! - theirs[their + 1]! || ours[our]! - theirs[their]!
    const from = order > 0 ? theirs : ours
    const at = order > 0 ? their : our
    bins[slot] = from[at]!
    bins[slot + 1] = from[at + 1]!
    bins[slot + 2] = from[at + 2]! + (order === 0 ? theirs[their + 2]! : 0)
    slot += 3
    if (order <= 0) our += 3
    if (order >= 0) their += 3
  }
  bins.length = slot
  return { totalCount: one.totalCount + other.totalCount, bins }
}

const NOWHERE = -1

/** By place of a bin, where it stands among those of a merger. */
const slots = new Int32Array(2 * FINE_BINS).fill(NOWHERE)

function byPlace(parts: readonly Latencies[]): Latencies {
  const most = parts.reduce((total, { bins }) => total + bins.length, 0)
  const unordered = listOf(most)
  const places = new Uint32Array(most / 3)
  let met = 0
  for (const { bins } of parts)
    for (let at = 0; at < bins.length; at += 3) {
      const place = placeOf(bins[at]!, bins[at + 1]!)
      const slot = slots[place]!
      if (slot === NOWHERE) {
        places[met] = place
        slots[place] = 3 * met
        copyBin(bins, at, unordered, 3 * met++)
      } else unordered[slot + 2]! += bins[at + 2]!
    }
  const ordered = inOrder(places.subarray(0, met))
  const bins = listOf(3 * met)
  for (let at = 0; at < met; at++) {
    copyBin(unordered, slots[ordered[at]!]!, bins, 3 * at)
    slots[ordered[at]!] = NOWHERE
  }
  return { totalCount: parts.reduce((total, { totalCount }) => total + totalCount, 0), bins }
}

/** In order of bins. A wide one, which is none of the finest, comes before the finest that ends where it does. */
function placeOf(low: number, high: number): number {
  const last = fineBinOf(high)
  return 2 * last + (fineBinOf(low) === last ? 1 : 0)
}

function copyBin(from: readonly number[], at: number, to: number[], slot: number): void {
  to[slot] = from[at]!
  to[slot + 1] = from[at + 1]!
  to[slot + 2] = from[at + 2]!
}
