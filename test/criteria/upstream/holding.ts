// Histories of requests that stay at gemini together.
import { type Answer, type Story, ok } from '../../judge/history.ts'

export const elsewhere: Answer = { outcome: 'rejected', latencyMs: 1, attempts: 0 }

/** In each second the first `held` requests stay at gemini until its end; the next one gets `then`, and the rest never come there. */
export function holding(held: number, then: Answer = elsewhere, rest: Answer = elsewhere): Story {
  const counts = new Map<number, number>()
  return {
    gemini: (dueMs) => {
      const second = Math.floor(dueMs / 1000)
      const nth = (counts.get(second) ?? 0) + 1
      counts.set(second, nth)
      if (nth > held) return nth === held + 1 ? then : rest
      const lastsMs = Math.max(5, second * 1000 + 980 - dueMs)
      return { ...ok, latencyMs: lastsMs + 2, answeredAfterMs: lastsMs }
    },
    breaker: [],
    plan: { faults: [] },
  }
}
