// Histories of one breaker, and the criteria about it. What is not said is the healthy gateway's.
import type { Criterion } from '../../../src/criteria/criteria.ts'
import { type Answer, END, type Story, failing, healthyBreaker, ok, rejected } from '../../judge/history.ts'

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
