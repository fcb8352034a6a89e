// How many of the recent calls were hits, over the last span of time or the last n calls. Constant memory and constant cost.
import type { Ms } from '../../../kernel/clock.ts'

export interface SlidingWindow {
  readonly calls: number
  readonly hits: number
  /** Counts a call that ended at `now`; `now` never runs backwards. */
  add(hit: boolean, now: Ms): void
  /** A call that was counted as none is a hit after all. */
  turn(now: Ms): void
  /** The hits that are still in the window at `now`. Changes nothing. */
  hitsAt(now: Ms): number
  clear(): void
}

const BUCKETS = 10

/**
 * The last `spanMs`, in ten buckets. A call is forgotten between 0.9 and 1 span after its end. Buckets are dropped by time, not by
 * calls: after a quiet span nothing is left.
 */
export class TimeWindow implements SlidingWindow {
  calls = 0
  hits = 0
  readonly #bucketMs: Ms
  readonly #calls = new Float64Array(BUCKETS)
  readonly #hits = new Float64Array(BUCKETS)
  #newest = Number.NEGATIVE_INFINITY
  #turnsAt = Number.NEGATIVE_INFINITY

  constructor(spanMs: Ms) {
    this.#bucketMs = spanMs / BUCKETS
  }

  add(hit: boolean, now: Ms): void {
    if (now >= this.#turnsAt) this.#moveTo(now)
    const at = slot(this.#newest)
    this.calls++
    this.#calls[at]!++
    if (!hit) return
    this.hits++
    this.#hits[at]!++
  }

  turn(now: Ms): void {
    // Its call may have left the window already.
    if (now >= this.#turnsAt) this.#moveTo(now)
    if (this.hits >= this.calls) return this.add(true, now)
    this.hits++
    this.#hits[slot(this.#newest)]!++
  }

  hitsAt(now: Ms): number {
    const passed = Math.floor(now / this.#bucketMs) - this.#newest
    if (passed >= BUCKETS) return 0
    let hits = this.hits
    for (let step = 1; step <= passed; step++) hits -= this.#hits[slot(this.#newest + step)]!
    return hits
  }

  #moveTo(now: Ms): void {
    const newest = Math.floor(now / this.#bucketMs)
    if (newest <= this.#newest) return
    if (newest - this.#newest >= BUCKETS) this.clear()
    else
      for (let bucket = this.#newest + 1; bucket <= newest; bucket++) {
        const at = slot(bucket)
        this.calls -= this.#calls[at]!
        this.hits -= this.#hits[at]!
        this.#calls[at] = 0
        this.#hits[at] = 0
      }
    this.#newest = newest
    this.#turnsAt = (newest + 1) * this.#bucketMs
  }

  clear(): void {
    this.calls = 0
    this.hits = 0
    this.#calls.fill(0)
    this.#hits.fill(0)
  }
}

// Buckets are numbered from the clock's origin. A virtual clock may start below zero, and `%` would be negative.
function slot(bucket: number): number {
  return ((bucket % BUCKETS) + BUCKETS) % BUCKETS
}

/** The last `size` calls, however old. */
class CallWindow implements SlidingWindow {
  calls = 0
  hits = 0
  readonly #ring: Uint8Array
  #next = 0

  constructor(size: number) {
    this.#ring = new Uint8Array(size)
  }

  add(hit: boolean): void {
    if (this.calls === this.#ring.length) this.hits -= this.#ring[this.#next]!
    else this.calls++
    this.#ring[this.#next] = hit ? 1 : 0
    if (hit) this.hits++
    this.#next = (this.#next + 1) % this.#ring.length
  }

  turn(): void {
    const size = this.#ring.length
    for (let back = 1; back <= this.calls; back++) {
      const at = (this.#next - back + size) % size
      if (this.#ring[at] === 1) continue
      this.#ring[at] = 1
      this.hits++
      return
    }
    this.add(true)
  }

  hitsAt(): number {
    return this.hits
  }

  clear(): void {
    this.calls = 0
    this.hits = 0
    this.#next = 0
    this.#ring.fill(0)
  }
}

export function slidingWindow(settings: { within: Ms; calls?: number | undefined }): SlidingWindow {
  return settings.calls === undefined ? new TimeWindow(settings.within) : new CallWindow(settings.calls)
}
