import { expect, it } from 'vitest'
import { type Answer, END, type Story, failing, findingOf, healthyGemini, ok, outage, rejected, verdictOf } from '../../../judge/history.ts'
import { closes, errorsThroughout, goes, opens, rejectedUntil, stays } from '../../breaker/stories.ts'
import { fromOutside, mute } from '../mute.ts'

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

const fallback: Answer = { outcome: 'fallback', latencyMs: 2, attempts: 0 }
const inOutage = (dueMs: number): boolean => dueMs >= 12_000 && dueMs < 22_000

/** Six requests wait at the upstream, again and again; what comes meanwhile is answered from a cache. No breaker. */
function fullBulkhead(waitMs: number, atUpstreamMs: number): NonNullable<Story['gemini']> {
  let from = 0
  let inside = 0
  return (dueMs) => {
    if (!inOutage(dueMs)) return ok
    if (dueMs >= from + waitMs) [from, inside] = [dueMs, 0]
    return inside++ < 6 ? { outcome: 'timeout', latencyMs: waitMs, attempts: 1, answered: 503, answeredAfterMs: atUpstreamMs } : fallback
  }
}

it('takes no full bulkhead for an open breaker: something is in flight all the time', async () => {
  const hung = mute({ gemini: fullBulkhead(2500, 2500), perSecond: 200 })
  expect(await findingOf(goes, hung)).toMatchObject({ result: 'fail', cause: 'never_opened' })
  expect(await findingOf({ ...stays, during: ['outage'] }, hung)).toMatchObject({ result: 'pass' })
  // The fake has answered, and a network fault keeps the answers: the clients are still waiting.
  const toxic = { type: 'timeout', attributes: { timeout: 0 } } as const
  const fault = { made: 'network', is: 'toxic', toxic, stream: 'downstream', toxicity: 1 } as const
  const kept = mute({
    gemini: fullBulkhead(2500, 5),
    plan: { faults: [{ ...outage, fault }] },
    also: [{ type: 'fault', t: 12_050, fault: 'F1', edge: 'bite' }],
    perSecond: 200,
  })
  expect(await findingOf(goes, kept)).toMatchObject({ result: 'fail', cause: 'never_opened' })
})

it('takes no silence without a failure before it for an open breaker', async () => {
  const cached = mute({ plan: { faults: [] }, gemini: (dueMs) => (dueMs > 30_000 && dueMs < 34_000 ? fallback : ok) })
  expect(await findingOf(stays, cached)).toMatchObject({ result: 'pass' })
})

it('infers a breaker that slow answers opened, though none failed', async () => {
  const slow: Answer = { outcome: 'ok', latencyMs: 900, attempts: 1, answeredAfterMs: 890 }
  const bySlowness = mute({ gemini: (dueMs) => (dueMs >= 12_000 && dueMs < 12_300 ? slow : healthyGemini(dueMs)), perSecond: 200 })
  expect(await findingOf(goes, bySlowness)).toMatchObject({ result: 'pass' })
})

it('believes the arrivals where a few refusals end otherwise', async () => {
  const amid = (odd: Answer): Story => {
    let refused = 0
    const gemini = (dueMs: number): Answer => {
      const answer = fromOutside(dueMs)
      return answer === rejected && refused++ % 50 === 7 ? odd : answer
    }
    return mute({ gemini, perSecond: 200 })
  }
  for (const odd of [
    { outcome: 'connection_error', latencyMs: 1, attempts: 0 },
    { outcome: 'limited', latencyMs: 1, attempts: 0 },
  ] satisfies Answer[]) {
    const finding = await findingOf(opens, amid(odd))
    expect(finding).toMatchObject({ result: 'pass' })
    expect(finding.measured).toBeCloseTo(100, -2)
  }
})

it('dates the closing from when nearly all requests pass, not from the first', async () => {
  let count = 0
  const trickle = (dueMs: number): Answer => {
    if (dueMs < 22_046 || dueMs >= 31_546) return rejectedUntil(22_046)(dueMs)
    return count++ % 10 === 0 ? ok : rejected
  }
  expect(await findingOf(closes, mute({ gemini: trickle, perSecond: 200 }))).toMatchObject({
    result: 'fail',
    cause: 'closed_late',
    measured: expect.closeTo(9550, -2.3) as number,
  })
})

it('infers as well from refusals that carry no mark, and from a gateway that answers from a cache when all is well', async () => {
  const unmarked = mute({
    gemini: (dueMs) => (fromOutside(dueMs) === rejected ? { ...failing, latencyMs: 2, attempts: 0 } : fromOutside(dueMs)),
    perSecond: 200,
  })
  expect(await findingOf(goes, unmarked)).toMatchObject({ result: 'pass' })
  let count = 0
  // Every second answer is a marked one from the cache, before the fault and after it.
  const halfCached = mute({
    gemini: (dueMs) => (fromOutside(dueMs) === ok && count++ % 2 === 0 ? fallback : fromOutside(dueMs)),
    perSecond: 200,
  })
  expect(await findingOf(closes, halfCached)).toMatchObject({ result: 'pass', measured: expect.closeTo(300, -2.3) as number })
})
