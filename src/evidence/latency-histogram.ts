// Many spans in little memory: a log-linear histogram of microseconds (as in Gil Tene's HdrHistogram). It costs the same for a hundred
// requests as for a million, and histograms add up: a quantile over several phases is a real quantile, never a mean of quantiles.
//
//   LatencyRecorder, LatencyTable  count while a journal is folded
//   Latencies                      what they leave: plain data, for JSON and for other threads
import type { Ms } from '../kernel/clock.ts'
import { type Counts, NumberCounts } from './fold/counting/number-counts.ts'

/** Spans in microseconds. Ask it through the functions here, which speak milliseconds. */
export interface Latencies {
  totalCount: number
  /** `low, high, count` of each bin that holds a sample, in order: its samples lie from `low` to `high` microseconds. */
  bins: number[]
}

/** Significant decimal digits: 3 keeps within 0.1 %, 2 within 1 %. */
export type Digits = 2 | 3

// 2 ** bits values are told apart in each power of two; the lowest ones exactly.
const PRECISION_BITS = { 2: 7, 3: 10 } as const
const MAX_INTEGER = 2 ** 31 - 1
const MAX_INTEGER_SPAN: Ms = 2_147_483

export class LatencyRecorder {
  readonly #bits: number
  readonly #bins = new NumberCounts()

  constructor(digits: Digits = 3) {
    this.#bits = PRECISION_BITS[digits]
  }

  /** Negative spans (clocks of two processes, rounding) count as 0. */
  record(span: Ms): void {
    this.#bins.add(binOf(span, this.#bits))
  }

  result(): Latencies {
    return histogramOf(this.#bins.result(), this.#bits)
  }
}

/** How many bins there are; spans of more than a million years share the last. */
const BINS = { 2: 2 ** 13, 3: 2 ** 16 } as const
export const FINE_BINS = BINS[3]

/** The same for many kinds of spans at once, or for many stretches of time, each known by a small number. */
export class LatencyTable {
  readonly #bits: number
  readonly #most: number
  /** By place, then by bin: both in one number. */
  readonly #bins = new NumberCounts()

  constructor(digits: Digits) {
    this.#bits = PRECISION_BITS[digits]
    this.#most = BINS[digits]
  }

  record(place: number, span: Ms): void {
    this.#bins.add(place * this.#most + Math.min(binOf(span, this.#bits), this.#most - 1))
  }

  /** By place, as far as the last that has any; null where there was none. */
  result(): (Latencies | null)[] {
    const counts = this.#bins.result()
    const { numbers } = counts
    const places: (Latencies | null)[] = []
    for (let from = 0, to = 0; from < numbers.length; from = to) {
      const place = Math.floor(numbers[from]! / this.#most)
      const first = place * this.#most
      while (to < numbers.length && numbers[to]! < first + this.#most) to++
      while (places.length < place) places.push(null)
      places.push(histogramOf(counts, this.#bits, { from, to, first }))
    }
    return places
  }
}

export function latenciesOf(spans: Iterable<Ms>, digits: Digits = 3): Latencies {
  const recorder = new LatencyRecorder(digits)
  for (const span of spans) recorder.record(span)
  return recorder.result()
}

export const noLatencies: Latencies = { totalCount: 0, bins: [] }

/**
 * The span of the `rank`-th fastest sample, from 1: an order statistic. It is the upper edge of the sample's bin,
 * so it errs to the slow side by the histogram's precision at most.
 */
export function spanAtRank({ bins }: Latencies, rank: number): Ms {
  let seen = 0
  for (let at = 0; at < bins.length; at += 3) {
    seen += bins[at + 2]!
    if (seen >= rank) return bins[at + 1]! / 1000
  }
  return (bins.at(-2) ?? 0) / 1000
}

/**
 * The same by the lower edges of bins: no more than the span of the `rank`-th fastest sample. What must be at least so slow is
 * told by it, whatever precision the samples were kept with.
 */
export function leastSpanAtRank({ bins }: Latencies, rank: number): Ms {
  const ordered = isInOrder(bins) ? bins : byLowerEdge(bins)
  let seen = 0
  for (let at = 0; at < ordered.length; at += 3) {
    seen += ordered[at + 2]!
    if (seen >= rank) return ordered[at]! / 1000
  }
  return (ordered.at(-3) ?? 0) / 1000
}

/** By lower edges too: samples of one precision are. */
function isInOrder(bins: readonly number[]): boolean {
  for (let at = 3; at < bins.length; at += 3) if (bins[at]! < bins[at - 3]!) return false
  return true
}

function byLowerEdge(bins: readonly number[]): number[] {
  const triples = Array.from({ length: bins.length / 3 }, (_, at) => bins.slice(3 * at, 3 * at + 3))
  return triples.toSorted((a, b) => a[0]! - b[0]!).flat()
}

/** The empirical quantile: the smallest sample that at least the share `quantile` (0–1) of all samples does not exceed. Null when empty. */
export function spanAtQuantile(latencies: Latencies, quantile: number): Ms | null {
  const n = latencies.totalCount
  // The product may land a rounding error above a whole number, which must not cost a rank.
  return n === 0 ? null : spanAtRank(latencies, Math.min(n, Math.max(1, Math.ceil(quantile * n - 1e-9))))
}

/** How many samples are `limit` or slower. */
export function countFrom({ totalCount, bins }: Latencies, limit: Ms): number {
  let below = 0
  for (let at = 0; at < bins.length && bins[at + 1]! / 1000 < limit; at += 3) below += bins[at + 2]!
  return totalCount - below
}

//   value            0 … 2^(bits+1) − 1    each a bin of its own
//   from there on    2^bits bins for each power of two, each `1 << shift` wide
function binOf(span: Ms, bits: number): number {
  if (span <= 0) return 0
  return binAt(span < MAX_INTEGER_SPAN ? (span * 1000 + 0.5) | 0 : Math.round(span * 1000), bits)
}

/** The bin of the finest histogram that holds so many microseconds: below `FINE_BINS`. */
export function fineBinOf(micros: number): number {
  return Math.min(binAt(micros, PRECISION_BITS[3]), FINE_BINS - 1)
}

function binAt(micros: number, bits: number): number {
  if (micros > MAX_INTEGER) return binOfHours(micros, bits)
  const shift = 31 - bits - Math.clz32(micros)
  return shift <= 0 ? micros : (shift << bits) + (micros >> shift)
}

/** The same in floating point, for microseconds that are no 32-bit integer. */
function binOfHours(micros: number, bits: number): number {
  const shift = Math.floor(Math.log2(micros)) - bits
  return (shift << bits) + Math.floor(micros / 2 ** shift)
}

/** Of the bins that stand from `from` to `to`; `first`: the number of the lowest bin. */
function histogramOf(
  { numbers, counts }: Counts,
  bits: number,
  { from, to, first } = { from: 0, to: numbers.length, first: 0 },
): Latencies {
  const bins = listOf(3 * (to - from))
  let totalCount = 0
  for (let at = from, slot = 0; at < to; at++, slot += 3) {
    const bin = numbers[at]! - first
    const shift = Math.max(0, (bin >> bits) - 1)
    // As an integer wherever it is one: a list that holds a number in floating point is another kind of list to the engine.
    const width = shift < 20 ? 1 << shift : 2 ** shift
    const low = (bin - (shift << bits)) * width
    bins[slot] = low
    bins[slot + 1] = low + width - 1
    bins[slot + 2] = counts[at]!
    totalCount += counts[at]!
  }
  return { totalCount, bins }
}

/** As long as it can get: a list that grows is copied again and again. */
// oxlint-disable-next-line unicorn/no-new-array -- `Array.from` writes all of it once before
export const listOf = (length: number): number[] => new Array<number>(length)
