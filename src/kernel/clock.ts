// Time as a parameter. Every component takes a Clock; only this file touches the real one.
// All clocks count milliseconds on a monotonic axis. The real clock's axis is the machine's own (CLOCK_MONOTONIC),
// so stamps taken by different processes on one machine can be compared.

/** Milliseconds, fractional, on a Clock's monotonic axis or as a span. */
export type Ms = number

/** Cancels a pending callback; calling it twice, or after it fired, does nothing. */
export type Cancel = () => void

export interface Clock {
  /** Monotonic time in milliseconds. */
  now(): Ms
  /** Calls `fn` once, `delay` ms from now (negative counts as 0, anything over 2^31-1 ms is waited out in steps). */
  after(delay: Ms, fn: () => void): Cancel
  /** Resolves after `delay` ms; rejects with the signal's reason when aborted. */
  sleep(delay: Ms, signal?: AbortSignal): Promise<void>
}

// setTimeout fires at once when asked for more than this (nodejs.org/api/timers.html).
const LONGEST_TIMER: Ms = 2 ** 31 - 1

const [originSeconds, originNanos] = process.hrtime()
const hrtimeOrigin: Ms = originSeconds * 1000 + originNanos / 1e6 - performance.now()

/** The machine's monotonic clock, shared by all processes on it. */
export const realClock: Clock = {
  now: () => hrtimeOrigin + performance.now(),
  after(delay, fn) {
    let timer: NodeJS.Timeout
    const arm = (left: Ms): void => {
      const step = Math.min(Math.max(left, 0), LONGEST_TIMER)
      timer = setTimeout(() => (left > step ? arm(left - step) : fn()), step)
    }
    arm(delay)
    return () => clearTimeout(timer)
  },
  sleep: (delay, signal) => sleepOn(realClock, delay, signal),
}

/** Wall-clock time, for people and file names only: never for measuring. */
export function wallClock(): Date {
  return new Date()
}

/** A clock that stands still until told to move; callbacks run in due order, ties in the order they were set. */
export interface VirtualClock extends Clock {
  /** Moves time forward by `span` ms, running what falls due on the way at its own due time. */
  advance(span: Ms): void
  /** Like `advance`, but lets promise reactions run between callbacks. */
  advanceAsync(span: Ms): Promise<void>
  /** How many callbacks are waiting. */
  readonly pending: number
}

export function virtualClock(start: Ms = 0): VirtualClock {
  let now = start
  let sequence = 0
  const waiting: { due: Ms; sequence: number; fn: () => void }[] = []

  const nextDue = (limit: Ms) => {
    let first: (typeof waiting)[number] | undefined
    for (const entry of waiting)
      if (entry.due <= limit && (!first || entry.due < first.due || (entry.due === first.due && entry.sequence < first.sequence)))
        first = entry
    return first
  }
  const runNext = (limit: Ms): boolean => {
    const entry = nextDue(limit)
    if (!entry) return false
    waiting.splice(waiting.indexOf(entry), 1)
    now = Math.max(now, entry.due)
    entry.fn()
    return true
  }

  const clock: VirtualClock = {
    now: () => now,
    after(delay, fn) {
      const entry = { due: now + Math.max(delay, 0), sequence: sequence++, fn }
      waiting.push(entry)
      return () => {
        const at = waiting.indexOf(entry)
        if (at >= 0) waiting.splice(at, 1)
      }
    },
    sleep: (delay, signal) => sleepOn(clock, delay, signal),
    advance(span) {
      const end = now + span
      while (runNext(end));
      now = end
    },
    async advanceAsync(span) {
      const end = now + span
      await settle()
      while (runNext(end)) await settle()
      now = end
      await settle()
    },
    get pending() {
      return waiting.length
    },
  }
  return clock
}

/** Lets every promise reaction that is ready run, including chains of them. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

function sleepOn(clock: Clock, delay: Ms, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason as Error)
    const onAbort = (): void => {
      cancel()
      reject(signal!.reason as Error)
    }
    const cancel = clock.after(delay, () => {
      signal?.removeEventListener('abort', onAbort)
      resolve()
    })
    signal?.addEventListener('abort', onAbort, { once: true })
  })
}
