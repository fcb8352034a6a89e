import { expect, it } from 'vitest'
import { type Answer, END, type Story, findingOf, ok, verdictOf } from '../../judge/history.ts'
import { closes, errorsThroughout, goes, opens, rejectedUntil, stays } from '../breaker/stories.ts'
import { fromOutside, mute } from './mute.ts'

it('infers from traffic what a gateway without events does not tell', async () => {
  const story = mute({ gemini: fromOutside, perSecond: 200 })
  const verdict = await verdictOf([goes, opens, closes, { ...stays, upstream: 'assemblyai' }], story)
  expect(verdict.result).toBe('pass')
  const byId = Object.fromEntries(verdict.findings.map((finding) => [finding.id, finding]))
  expect(byId['C1']!.why).toBe('it went closed → open → half-open → open → half-open → closed')
  // Ticks of 50 ms: opened at 12.1 s, closed at 22.3 s.
  expect(byId['C2']!.measured).toBeCloseTo(100, -2)
  expect(byId['C3']!.measured).toBeCloseTo(300, -2)
  expect(verdict.validity.find(({ id }) => id === 'breaker_events')).toMatchObject({
    ok: true,
    sentence: expect.stringContaining('inferred from traffic'),
  })
  expect(verdict.validity.map(({ id }) => id)).not.toContain('witnesses:gemini')
})

it('tells the causes apart from traffic alone', async () => {
  expect(await findingOf(goes, mute({ gemini: errorsThroughout }))).toMatchObject({ result: 'fail', cause: 'never_opened' })
  expect(await findingOf(closes, mute({ gemini: rejectedUntil(END) }))).toMatchObject({ result: 'fail', cause: 'never_half_open' })
  expect(await findingOf(closes, mute({ gemini: rejectedUntil(42_100), perSecond: 200 }))).toMatchObject({
    result: 'fail',
    cause: 'closed_late',
    measured: expect.closeTo(20_100, -2),
  })
  expect(await findingOf(stays, mute({ gemini: fromOutside }))).toMatchObject({ result: 'fail', cause: 'unexpected_transition' })
})

it('takes no pause, timeout or dead gateway for an open breaker', async () => {
  const paused = (outcome: Answer['outcome']): Story =>
    mute({ plan: { faults: [] }, gemini: (dueMs) => (dueMs > 30_000 && dueMs < 33_000 ? { outcome, latencyMs: 3000, attempts: 0 } : ok) })
  const stalled = { outcome: 'ok', latencyMs: 3000, lateMs: 2990, attempts: 1 } as const
  const story = mute({ plan: { faults: [] }, gemini: (dueMs) => (dueMs > 30_000 && dueMs < 33_000 ? stalled : ok) })
  expect(await findingOf(stays, story)).toMatchObject({ result: 'pass' })
  for (const outcome of ['timeout', 'connection_error', 'shed', 'limited'] as const)
    expect(await findingOf(stays, paused(outcome))).toMatchObject({ result: 'pass' })
})
