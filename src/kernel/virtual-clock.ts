// A clock that stands still until told to move: time in tests and in simulations. Callbacks wait in a heap, so that ten thousand of
// them cost hardly more than ten.
import { type Clock, type Ms, sleepOn, turn } from './clock.ts'

/** Callbacks run in due order, ties in the order they were set. */
export interface VirtualClock extends Clock {
  /** Moves time forward by `span` ms, running what falls due on the way at its own due time. */
  advance: (span: Ms) => void
  /** Like `advance`, but lets promise reactions run between callbacks. */
  advanceAsync: (span: Ms) => Promise<void>
  /** How many callbacks are waiting. */
  readonly pending: number
}

interface Timer {
  due: Ms
  /** Order of setting, which decides ties. */
  order: number
  /** Undefined when it was cancelled: it leaves the heap when its turn comes, or in the next sweep. */
  fn: (() => void) | undefined
  isOver?: true
}

// Cancelled timers are swept out when they are this many and half of all.
const SWEEP_FROM = 64

export function virtualClock(start: Ms = 0): VirtualClock {
  let now = start
  let set = 0
  let cancelled = 0
  let heap: Timer[] = []

  const runNext = (limit: Ms): boolean => {
    while (heap.length > 0 && heap[0]!.due <= limit) {
      const timer = takeFirst(heap)
      timer.isOver = true
      if (!timer.fn) {
        cancelled--
        continue
      }
      now = Math.max(now, timer.due)
      timer.fn()
      return true
    }
    return false
  }
  const sweep = (): void => {
    if (cancelled < SWEEP_FROM || cancelled * 2 < heap.length) return
    // A list in order is a heap.
    heap = heap.filter(({ fn }) => fn !== undefined).toSorted((a, b) => (isBefore(a, b) ? -1 : 1))
    cancelled = 0
  }

  const clock: VirtualClock = {
    now: () => now,
    after(delay, fn) {
      const timer: Timer = { due: now + Math.max(delay, 0), order: set++, fn }
      add(heap, timer)
      return () => {
        if (timer.isOver || !timer.fn) return
        timer.fn = undefined
        cancelled++
        sweep()
      }
    },
    sleep: (delay, signal) => sleepOn(clock, delay, signal),
    // A callback may itself advance the clock beyond `end`: time still never runs backwards.
    advance(span) {
      const end = now + span
      while (runNext(end));
      now = Math.max(now, end)
    },
    async advanceAsync(span) {
      const end = now + span
      await settle()
      while (runNext(end)) await settle()
      now = Math.max(now, end)
      await settle()
    },
    get pending() {
      return heap.length - cancelled
    },
  }
  return clock
}

/** Lets every promise reaction that is ready run, including chains of them. */
const settle = turn

const isBefore = (a: Timer, b: Timer): boolean => a.due < b.due || (a.due === b.due && a.order < b.order)

function add(heap: Timer[], timer: Timer): void {
  let at = heap.length
  while (at > 0) {
    const parent = (at - 1) >> 1
    if (!isBefore(timer, heap[parent]!)) break
    heap[at] = heap[parent]!
    at = parent
  }
  heap[at] = timer
}

/** Of a heap that is not empty. */
function takeFirst(heap: Timer[]): Timer {
  const first = heap[0]!
  const last = heap.pop()!
  if (heap.length === 0) return first
  let at = 0
  for (;;) {
    let child = 2 * at + 1
    if (child >= heap.length) break
    if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++
    if (!isBefore(heap[child]!, last)) break
    heap[at] = heap[child]!
    at = child
  }
  heap[at] = last
  return first
}
