// Histories of calls that are tried again: what each attempt of gemini was answered, and how long the gateway waited before the next.
import { type Answer, type Story, ok, planOf } from '../../judge/history.ts'

type Tries = NonNullable<Answer['tries']>

/** A call that ends well or not, by its last attempt. */
export function call(tries: Tries, change: Partial<Answer> = {}): Answer {
  const lastsMs = tries.reduce((total, { afterMs, lastsMs: forMs }) => total + afterMs + forMs, 0)
  const outcome = (tries.at(-1)?.status ?? 0) === 200 ? 'ok' : 'upstream_error'
  return { outcome, latencyMs: lastsMs + 2, attempts: tries.length, tries, method: 'GET', ...change }
}

/** Attempts that take 10 ms each, with these statuses; before each but the first the gateway waits. */
export const answered = (statuses: readonly number[], waitMs: number): Tries =>
  statuses.map((status, at) => ({ afterMs: at === 0 ? 1 : waitMs, lastsMs: 10, status }))

/** In the outage every tenth request goes so; all others are answered at once. */
export function inOutage(answer: Answer, others: Answer = { ...ok, method: 'GET' }): Story {
  return { gemini: (dueMs, index) => (dueMs >= 12_000 && dueMs < 22_000 && index % 10 === 0 ? answer : others), breaker: [] }
}

const { load } = planOf([], {}, 200)
/** As in the other stories of retries, of requests that may be repeated. */
export const reading = (answer: Answer): Story => ({
  ...inOutage(answer),
  perSecond: 200,
  plan: { load: { ...load, mix: load.mix.map((route) => Object.assign({}, route, { method: 'GET' })) } },
})
