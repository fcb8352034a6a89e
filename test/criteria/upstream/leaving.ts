// Histories of clients that leave while gemini works for them.
import { type Answer, type Story, ok } from '../../judge/history.ts'

/** The client leaves after a second; the upstream hears of it so much later. */
export const left = (dueMs: number, lastedMs: number): Answer => ({
  ...ok,
  latencyMs: 1000,
  outcome: 'client_timeout',
  departures: [{ t: dueMs + 1000 + lastedMs, status: 0, clientGone: true, whole: false }],
})

/** One request in ten is given up by its client. */
export const story = (lastedMs: number, change: (answer: Answer) => Answer = (answer) => answer): Story => ({
  gemini: (dueMs, index) => (index % 20 === 0 ? change(left(dueMs, lastedMs)) : ok),
  breaker: [],
  plan: { faults: [] },
})
