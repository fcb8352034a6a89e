// Histories of an upstream that books something for each request: once, or as often as it is asked.
import { type Answer, type Story, ok } from '../../judge/history.ts'

/** Each request is booked so often; what is tried once more than that was recognised, and booked no more. */
export function booking(times: (index: number) => number, { more = 0, ...answer }: Partial<Answer> & { more?: number } = {}): Story {
  return {
    gemini(_dueMs, index) {
      const booked = times(index)
      const effects = Array.from({ length: booked }, () => ({ effect: `order-${index}` }))
      return { ...ok, attempts: booked + more, keys: 'same', arrivals: effects, ...answer }
    },
    breaker: [],
    plan: { faults: [] },
  }
}
