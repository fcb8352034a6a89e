import { expect, it } from 'vitest'
import type { Evidence } from '../../src/evidence/evidence.ts'
import type { JournalEvent } from '../../src/evidence/events.ts'
import { foldJournal } from '../../src/evidence/fold/fold.ts'
import { spanAtQuantile } from '../../src/evidence/latency-histogram.ts'
import { mergeEvidence } from '../../src/evidence/merge.ts'
import { journalOf, ok, planOf } from '../judge/history.ts'

const plan = planOf()
const events = [
  ...journalOf({ gemini: (_due, index) => ({ ...ok, latencyMs: 20 + (index % 90), answered: 200, attempts: 1 + (index % 2) }) }, plan),
]

/** The same run as two load generators would tell it: each half of the requests, and all that only the conductor knows in the first. */
function halves(): [Evidence, Evidence] {
  const byId = new Map(events.flatMap((event) => (event.type === 'request' ? [[event.id, event.index]] : [])))
  const byOrdinal = new Map(
    events.flatMap((event) => (event.type === 'arrival' ? [[`${event.upstream} ${event.ordinal}`, byId.get(event.request)]] : [])),
  )
  const indexOf = (event: JournalEvent): number | undefined =>
    event.type === 'request'
      ? event.index
      : event.type === 'arrival' || event.type === 'departure'
        ? byOrdinal.get(`${event.upstream} ${event.ordinal}`)
        : undefined
  const half = (odd: 0 | 1): Evidence =>
    foldJournal(
      events.filter((event) => {
        const index = indexOf(event)
        return index === undefined ? odd === 0 || event.type === 'run' : index % 2 === odd
      }),
      plan,
    )
  return [half(0), half(1)]
}

it('counts parts together as if one fold had seen them', () => {
  const whole = foldJournal(events, plan)
  const merged = mergeEvidence(halves())
  const counts = ({ requests }: Evidence) =>
    requests
      .map(({ phase, route, outcome, count }) => [phase, route, outcome, count])
      .map((cell) => JSON.stringify(cell))
      .toSorted()
  expect(counts(merged)).toEqual(counts(whole))
  const attempts = (evidence: Evidence) =>
    evidence.attempts
      .map(({ phase, route, byAttempts, unsafe }) => [phase, route, byAttempts, unsafe])
      .map((cell) => JSON.stringify(cell))
      .toSorted()
  expect(attempts(merged)).toEqual(attempts(whole))
  expect(merged.retries).toEqual(whole.retries)
  expect(merged.fallbacks).toEqual(whole.fallbacks)
  expect(merged.retries.some(({ ended }) => ended.some(({ repeated }) => repeated > 0))).toBe(true)
  expect(merged.arrivals.reduce((total, { count }) => total + count, 0)).toBe(whole.arrivals.reduce((total, { count }) => total + count, 0))
  expect(merged.series.arrivals).toEqual(whole.series.arrivals)
  const p95 = ({ requests }: Evidence) =>
    requests
      .filter(({ phase }) => phase === 'steady')
      .map(({ route, latency }) => `${route} ${spanAtQuantile(latency, 0.95)}`)
      .toSorted((a, b) => a.localeCompare(b))
  expect(p95(merged)).toEqual(p95(whole))
  expect([merged.phases, merged.transitions, merged.faults.length]).toEqual([whole.phases, whole.transitions, whole.faults.length])
})

it('survives JSON and structured cloning', () => {
  const whole = foldJournal(events, plan)
  expect(JSON.parse(JSON.stringify(whole))).toEqual(whole)
  expect(structuredClone(whole)).toEqual(whole)
})

it('refuses parts of different runs, and none', () => {
  const [first, second] = halves()
  expect(() => mergeEvidence([first, { ...second, run: { ...second.run, id: 'other' } }])).toThrow(/evidence of two runs, r7 and other/)
  expect(() => mergeEvidence([])).toThrow(/no evidence/)
})
