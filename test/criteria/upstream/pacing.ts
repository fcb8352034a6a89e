// Histories of requests that a rate limit lets through to gemini, of twenty a second that clients ask for.
import { type Answer, type Story, ok } from '../../judge/history.ts'

const limited: Answer = { outcome: 'limited', latencyMs: 1, attempts: 0 }

/** Lets one through whenever so much time has passed since the last. What is `between` comes then, besides. */
export function spaced(gapMs: number, between?: { atMs: number; answer: Answer }): Story {
  let last = Number.NEGATIVE_INFINITY
  let isDue = between !== undefined
  return {
    gemini: (dueMs) => {
      if (isDue && dueMs >= between!.atMs) {
        isDue = false
        return between!.answer
      }
      if (dueMs - last < gapMs) return limited
      last = dueMs
      return ok
    },
    breaker: [],
    plan: { faults: [] },
  }
}

/** Lets the first `many` of every window of the clock through, as a limit with fixed windows does. */
export function inWindowsOf(windowMs: number, many: number, offsetMs = 0): Story {
  const counts = new Map<number, number>()
  return {
    gemini: (dueMs) => {
      const at = Math.floor((dueMs + offsetMs) / windowMs)
      // The last of an even window, and the first of an odd one.
      const isLate = at % 2 === 0 && (dueMs + offsetMs) % windowMs < windowMs - 60 * many
      const nth = (counts.get(at) ?? 0) + 1
      if (isLate || nth > many) return limited
      counts.set(at, nth)
      return ok
    },
    breaker: [],
    plan: { faults: [] },
  }
}
