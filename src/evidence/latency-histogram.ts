// Many spans in little memory: a log-linear histogram of microseconds (as in Gil Tene's HdrHistogram). It costs the same for a hundred
// requests as for a million, and histograms add up: a quantile over several phases is a real quantile, never a mean of quantiles.
//
//   LatencyRecorder  counts while a journal is folded
//   Latencies        what it leaves: plain data, for JSON and for other threads
import type { Ms } from '../kernel/clock.ts'

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
const MAX_INTEGER_SPAN: Ms = 2_147_483

export class LatencyRecorder {
  readonly #bits: number
  #counts: Uint32Array
  /** Bins outside these are empty. */
  #first = Number.POSITIVE_INFINITY
  #last = -1
  #total = 0

  constructor(digits: Digits = 3) {
    this.#bits = PRECISION_BITS[digits]
    this.#counts = new Uint32Array(4 << this.#bits)
  }

  /** Negative spans (clocks of two processes, rounding) count as 0. */
  record(span: Ms): void {
    const bin = binOf(span, this.#bits)
    if (bin >= this.#counts.length) {
      const larger = new Uint32Array(Math.max(bin + 1, this.#counts.length * 2))
      larger.set(this.#counts)
      this.#counts = larger
    }
    if (bin < this.#first) this.#first = bin
    if (bin > this.#last) this.#last = bin
    this.#counts[bin]!++
    this.#total++
  }

  result(): Latencies {
    const bins: number[] = []
    for (let bin = this.#first; bin <= this.#last; bin++) if (this.#counts[bin]! > 0) addBin(bins, bin, this.#bits, this.#counts[bin]!)
    return { totalCount: this.#total, bins }
  }
}

/** So many numbers are found sooner by looking along them than in a map. */
const FEW = 16

/** The same for few spans: it takes memory for what it holds alone. */
export class SparseLatencyRecorder {
  readonly #bits: number
  /** Each bin with its count after it, in one list: there are thousands of recorders, and each list takes room ahead. */
  readonly #pairs: number[] = []
  /** By bin, its place in the list; undefined while there are few. */
  #places: Map<number, number> | undefined
  #total = 0

  constructor(digits: Digits = 2) {
    this.#bits = PRECISION_BITS[digits]
  }

  record(span: Ms): void {
    const bin = binOf(span, this.#bits)
    const place = this.#placeOf(bin)
    this.#total++
    if (place >= 0) {
      this.#pairs[place + 1]!++
      return
    }
    this.#pairs.push(bin, 1)
    if (this.#places) this.#places.set(bin, this.#pairs.length - 2)
    else if (this.#pairs.length > 2 * FEW) this.#places = new Map(this.#allPlaces().map((each) => [this.#pairs[each]!, each]))
  }

  result(): Latencies {
    const bins: number[] = []
    const order = this.#allPlaces().toSorted((a, b) => this.#pairs[a]! - this.#pairs[b]!)
    for (const place of order) addBin(bins, this.#pairs[place]!, this.#bits, this.#pairs[place + 1]!)
    return { totalCount: this.#total, bins }
  }

  #placeOf(bin: number): number {
    if (this.#places) return this.#places.get(bin) ?? -1
    for (let at = 0; at < this.#pairs.length; at += 2) if (this.#pairs[at] === bin) return at
    return -1
  }

  #allPlaces(): number[] {
    const places: number[] = []
    for (let at = 0; at < this.#pairs.length; at += 2) places.push(at)
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

/** All samples together, each in the bin that it had. Bins are in order of their upper edges, of two precisions then of the lower ones. */
export function mergeLatencies(parts: Iterable<Latencies>): Latencies {
  let left = [...parts].filter(({ totalCount }) => totalCount > 0)
  // Two neighbours at a time: few bins are moved more than a few times.
  while (left.length > 1) left = Array.from({ length: Math.ceil(left.length / 2) }, (_, at) => both(left[2 * at]!, left[2 * at + 1]))
  return left[0] ?? noLatencies
}

function both(one: Latencies, other: Latencies | undefined): Latencies {
  if (other === undefined) return one
  const [ours, theirs] = [one.bins, other.bins]
  const bins: number[] = []
  let [our, their] = [0, 0]
  while (our < ours.length && their < theirs.length) {
    const order = ours[our + 1]! - theirs[their + 1]! || ours[our]! - theirs[their]!
    if (order === 0) bins.push(ours[our]!, ours[our + 1]!, ours[our + 2]! + theirs[their + 2]!)
    else if (order < 0) bins.push(ours[our]!, ours[our + 1]!, ours[our + 2]!)
    else bins.push(theirs[their]!, theirs[their + 1]!, theirs[their + 2]!)
    if (order <= 0) our += 3
    if (order >= 0) their += 3
  }
  while (our < ours.length) bins.push(ours[our++]!)
  while (their < theirs.length) bins.push(theirs[their++]!)
  return { totalCount: one.totalCount + other.totalCount, bins }
}

//   value            0 … 2^(bits+1) − 1    each a bin of its own
//   from there on    2^bits bins for each power of two, each `1 << shift` wide
function binOf(span: Ms, bits: number): number {
  if (span <= 0) return 0
  if (span >= MAX_INTEGER_SPAN) return binOfHours(span, bits)
  const micros = (span * 1000 + 0.5) | 0
  const shift = 31 - bits - Math.clz32(micros)
  return shift <= 0 ? micros : (shift << bits) + (micros >> shift)
}

/** The same in floating point, for microseconds that are no 32-bit integer. */
function binOfHours(span: Ms, bits: number): number {
  const micros = Math.round(span * 1000)
  const shift = Math.floor(Math.log2(micros)) - bits
  return (shift << bits) + Math.floor(micros / 2 ** shift)
}

/** Adds `low, high, count`. */
function addBin(bins: number[], bin: number, bits: number, count: number): void {
  const shift = Math.max(0, (bin >> bits) - 1)
  const mantissa = bin - (shift << bits)
  bins.push(mantissa * 2 ** shift, (mantissa + 1) * 2 ** shift - 1, count)
}
