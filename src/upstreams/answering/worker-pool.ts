// The capacity of a fake: so many requests are worked on at once, the rest wait in a queue, and beyond its length they are refused.
// The service time is known when a request arrives, so the time at which its work begins can be computed at once. No timer is needed.
//
//   arrivals ──▶ queue (first come, first served) ──▶ workers, each busy for the service time
//                  └─ full: refused                      └─ whether or not the client still waits
import type { Ms } from '../../kernel/clock.ts'

export interface Capacity {
  /** Requests worked on at once; at least 1. */
  workers: number
  /** Requests that may wait for a worker; from 0. */
  queue: number
}

export interface WorkerPool {
  /**
   * Takes a request that arrives `now` and keeps a worker busy for `busyMs`. Returns when its work begins; undefined when the queue
   * is full. To be called in order of time.
   */
  admit(now: Ms, busyMs: Ms): Ms | undefined
  /** There are this many workers from now on; never fewer than before. */
  growTo(workers: number): void
}

export function workerPool({ workers, queue }: Capacity): WorkerPool {
  const freeAt = Array.from({ length: workers }, () => Number.NEGATIVE_INFINITY)
  // When the work of each waiting request begins, in order.
  let waiting: Ms[] = []
  return {
    admit(now, busyMs) {
      const begun = waiting.findIndex((beginsAt) => beginsAt > now)
      waiting = begun < 0 ? [] : waiting.slice(begun)
      const soonest = Math.min(...freeAt)
      const beginsAt = Math.max(now, soonest)
      if (beginsAt > now) {
        if (waiting.length >= queue) return undefined
        waiting.push(beginsAt)
      }
      freeAt[freeAt.indexOf(soonest)] = beginsAt + busyMs
      return beginsAt
    },
    growTo(count) {
      while (freeAt.length < count) freeAt.push(Number.NEGATIVE_INFINITY)
    },
  }
}
