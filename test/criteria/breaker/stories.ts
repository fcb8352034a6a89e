// Histories of one breaker, and the criteria about it. What is not said is the healthy gateway's.
import type { Criterion } from '../../../src/criteria/criteria.ts'
import { type Answer, END, type Story, failing, healthyBreaker, healthyGemini, ok, rejected } from '../../judge/history.ts'

export const goes = { kind: 'transitions', upstream: 'gemini', sequence: ['closed', 'open', 'half_open', 'closed'] } satisfies Criterion
export const opens = { kind: 'opens_within', upstream: 'gemini', phase: 'outage', withinMs: 1000 } satisfies Criterion
export const closes = { kind: 'closes_within', upstream: 'gemini', phase: 'outage', withinMs: 5000 } satisfies Criterion
export const stays = { kind: 'stays_closed', upstream: 'gemini' } satisfies Criterion

export const errorsThroughout = (dueMs: number): Answer => (dueMs >= 12_000 && dueMs < 22_000 ? { ...failing, attempts: 3 } : ok)
export const rejectedUntil =
  (closedMs: number) =>
  (dueMs: number): Answer =>
    dueMs < 12_000 || dueMs >= closedMs ? ok : dueMs < 12_100 ? failing : rejected

export const neverOpens: Story = { breaker: [], gemini: errorsThroughout }
export const neverProbes: Story = { breaker: [['open', 12_100]], gemini: rejectedUntil(END) }
export const stuckAfterProbe: Story = { ...neverProbes, breaker: healthyBreaker.slice(0, 3) }
export const neverCloses: Story = {
  breaker: [...healthyBreaker.slice(0, 4), ['open', 22_200], ['half_open', 27_200], ['open', 27_300]],
  gemini: rejectedUntil(END),
}
export const closesLate: Story = {
  breaker: [
    ['open', 12_100],
    ['half_open', 41_900],
    ['closed', 42_100],
  ],
  gemini: rejectedUntil(42_100),
}
export const opensAgain: Story = {
  breaker: [...healthyBreaker, ['open', 30_000], ['half_open', 35_000], ['closed', 35_100]],
  gemini: rejectedUntil(END),
}
export const quiet: Story = { breaker: [], gemini: () => ok, plan: { faults: [] } }

/** The upstream takes its time: half-open from 17.1 s to 17.6 s, and from 22.65 s to 23.15 s. `passes`: which of the requests due then. */
const probed = (passes: (nth: number) => boolean): Story => {
  let [first, second] = [0, 0]
  const probe: Answer = { ...failing, latencyMs: 495, answeredAfterMs: 490 }
  return {
    breaker: [
      ['open', 12_100],
      ['half_open', 17_100],
      ['open', 17_600],
      ['half_open', 22_650],
      ['closed', 23_150],
    ],
    gemini(dueMs) {
      if (dueMs >= 17_100 && dueMs < 17_600) return passes(first++) ? probe : rejected
      if (dueMs >= 22_650 && dueMs < 23_150) return passes(second++) ? { ...probe, outcome: 'ok', answered: 200 } : rejected
      return dueMs >= 22_300 && dueMs < 22_650 ? rejected : healthyGemini(dueMs)
    },
    perSecond: 200,
  }
}
// Each story counts its own requests.
export const single = () => probed((nth) => nth === 0)
export const flood = () => probed(() => true)
export const three = () => probed((nth) => nth < 3)

/** It is probed so long after each opening. */
export const probedAfter = (waitMs: number): Story => {
  const probes: number[] = []
  for (let atMs = 12_100 + waitMs; atMs < 22_000; atMs += waitMs + 60) probes.push(atMs)
  const lastMs = (probes.at(-1) ?? 12_100 - 60) + waitMs + 60
  return {
    breaker: [
      ['open', 12_100],
      ...probes.flatMap((atMs): [['half_open', number], ['open', number]] => [
        ['half_open', atMs],
        ['open', atMs + 60],
      ]),
      ['half_open', lastMs],
      ['closed', lastMs + 60],
    ],
    gemini(dueMs): Answer {
      if (dueMs < 12_000 || dueMs >= lastMs) return ok
      return dueMs < 12_100 || probes.some((atMs) => dueMs >= atMs && dueMs < atMs + 60) ? failing : rejected
    },
    perSecond: 200,
  }
}

export const notFound: Answer = { outcome: 'upstream_error', latencyMs: 20, attempts: 1, answered: 404 }

/** From 5 s to 7 s gemini has nothing but 404 for everybody; at 40 requests a second, half of them for gemini, that makes about 40. */
export const burst = (amid: (count: number) => Answer, change: Story = {}): Story => {
  let count = 0
  return { breaker: [], plan: { faults: [] }, gemini: (dueMs) => (dueMs < 5000 || dueMs >= 7000 ? ok : amid(count++)), ...change }
}
