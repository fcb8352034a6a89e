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
  /** Calls `fn` once, `delay` ms from now and never earlier (negative counts as 0, any length is waited out). */
  after(delay: Ms, fn: () => void): Cancel
  /** Resolves after `delay` ms; rejects with the signal's reason when aborted. */
  sleep(delay: Ms, signal?: AbortSignal): Promise<void>
}

// setTimeout fires at once when asked for more than this (nodejs.org/api/timers.html).
const MAX_TIMER: Ms = 2 ** 31 - 1

/** What `performance.now()` lacks to the machine's clock. A process that is set aside between the two readings gets it wrong by that long. */
function originOfProcess(): Ms {
  let closest = Number.POSITIVE_INFINITY
  let origin = 0
  for (let reading = 0; reading < 8; reading++) {
    const before = performance.now()
    const [seconds, nanos] = process.hrtime()
    const after = performance.now()
    if (after - before >= closest) continue
    closest = after - before
    origin = seconds * 1000 + nanos / 1e6 - (before + after) / 2
  }
  return origin
}

const hrtimeOrigin = originOfProcess()

/** The machine's monotonic clock, shared by all processes on it. */
export const realClock: Clock = {
  now: () => hrtimeOrigin + performance.now(),
  after(delay, fn) {
    const due = realClock.now() + delay
    let timer: NodeJS.Timeout
    // Node drops fractions of a millisecond and may fire up to one early; a breaker asked then would still be open.
    const arm = (left: Ms): void => {
      timer = setTimeout(
        () => {
          const rest = due - realClock.now()
          if (rest > 0) arm(rest)
          else fn()
        },
        Math.min(Math.max(left, 0), MAX_TIMER),
      )
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

/** The same, in milliseconds since 1970. */
export function wallTime(): Ms {
  return Date.now()
}

/** Once all promise reactions that are ready have run, and I/O was looked at. */
function immediately(fn: () => void): void {
  setImmediate(fn)
}

/** Lets everything else that is waiting have its turn: timers, signals, sockets. */
export const turn = (): Promise<void> => new Promise(immediately)

/** `sleep` on top of a clock's `after`. */
export function sleepOn(clock: Clock, delay: Ms, signal?: AbortSignal): Promise<void> {
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
