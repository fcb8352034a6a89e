// Histories in which gemini's answers have bodies, and what the gateway kept of them answers in the outage.
import { type Answer, type Story, failing, ok } from '../../judge/history.ts'

export const kept = (body: string, change: Partial<Answer> = {}): Answer => ({
  outcome: 'fallback',
  latencyMs: 1,
  attempts: 0,
  body,
  ...change,
})

/** The upstream sends another body each second. From 100 ms after the outage began the gateway gives what `amid` says. */
export function keeping(amid: (dueMs: number, index: number) => Answer, after: (dueMs: number, index: number) => Answer = fresh): Story {
  return {
    breaker: [],
    gemini(dueMs, index) {
      if (dueMs < 12_000) return fresh(dueMs)
      if (dueMs < 12_100) return failing
      return dueMs < 22_000 ? amid(dueMs, index) : after(dueMs, index)
    },
  }
}

export function fresh(dueMs: number): Answer {
  return { ...ok, body: `body-${Math.floor(dueMs / 1000)}` }
}

/** The newest answer before the outage, and one of ten seconds before. */
export const [newest, old] = ['body-11', 'body-2']
