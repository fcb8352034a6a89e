// Histories in which some of gemini's requests go another way.
import { type Answer, type Story, healthyGemini } from '../judge/history.ts'

/** From `fromMs` on every n-th request gets another answer. */
export function every(n: number, answer: Answer, fromMs = 0): NonNullable<Story['gemini']> {
  let count = 0
  return (dueMs) => (dueMs >= fromMs && count++ % n === 0 ? answer : healthyGemini(dueMs))
}
