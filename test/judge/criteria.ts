// Criteria and health lines for the tests of what weakens a finding.
import type { Criterion } from '../../src/criteria/criteria.ts'
import type { JournalEvent, Role } from '../../src/evidence/events.ts'

export const steadyP95 = { kind: 'latency', quantile: 0.95, outcomes: ['ok'], belowMs: 300, during: ['steady'] } satisfies Criterion
export const recoveryP95 = { ...steadyP95, during: ['recovery'] } satisfies Criterion
export const errors = { kind: 'error_rate', below: 0.1, during: ['recovery'] } satisfies Criterion
export const opens: Criterion = { kind: 'opens_within', upstream: 'gemini', phase: 'outage', withinMs: 1000 }
export const closes: Criterion = { kind: 'closes_within', upstream: 'gemini', phase: 'outage', withinMs: 5000 }
export const goes: Criterion = { kind: 'transitions', upstream: 'gemini', sequence: ['closed', 'open', 'half_open', 'closed'] }
export const safe: Criterion = { kind: 'no_unsafe_retries', upstream: 'gemini' }
export const all: Criterion[] = [steadyP95, recoveryP95, errors, opens, closes, goes, safe]

export const health = (t: number, role: Role, loopDelayMax: number, cpu = 0.3): JournalEvent => ({
  type: 'health',
  t,
  role,
  loopDelayMax,
  loopDelayP99: loopDelayMax,
  cpu,
})

/** What the machine's host withheld of it, and how many cores it has. */
export const machine = (t: number, stolen: number, cores?: number): JournalEvent => ({
  type: 'health',
  t,
  role: 'machine',
  stolen,
  ...(cores !== undefined && { cores }),
})
