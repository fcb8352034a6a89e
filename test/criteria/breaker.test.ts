import { expect, it } from 'vitest'
import type { Criterion } from '../../src/criteria/criteria.ts'
import {
  type Answer,
  type Story,
  END,
  failing,
  findingOf,
  healthyBreaker,
  healthyGemini,
  ok,
  outage,
  planOf,
  rejected,
  verdictOf,
} from '../judge/history.ts'

const goes: Criterion = { kind: 'transitions', upstream: 'gemini', sequence: ['closed', 'open', 'half_open', 'closed'] }
const opens: Criterion = { kind: 'opens_within', upstream: 'gemini', phase: 'outage', withinMs: 1000 }
const closes: Criterion = { kind: 'closes_within', upstream: 'gemini', phase: 'outage', withinMs: 5000 }
const stays: Criterion = { kind: 'stays_closed', upstream: 'gemini' }

const errorsThroughout = (dueMs: number): Answer => (dueMs >= 12_000 && dueMs < 22_000 ? { ...failing, attempts: 3 } : ok)
const rejectedUntil =
  (closedMs: number) =>
  (dueMs: number): Answer =>
    dueMs < 12_000 || dueMs >= closedMs ? ok : dueMs < 12_100 ? failing : rejected
const neverOpens: Story = { breaker: [], gemini: errorsThroughout }
const neverProbes: Story = { breaker: [['open', 12_100]], gemini: rejectedUntil(END) }
const late: Story = {
  breaker: [
    ['open', 12_100],
    ['half_open', 41_900],
    ['closed', 42_100],
  ],
  gemini: rejectedUntil(42_100),
}

it('passes a breaker that opens, fails one probe, and closes', async () => {
  const verdict = await verdictOf([goes, opens, closes])
  expect(verdict.why).toEqual([])
  expect(verdict.result).toBe('pass')
  const byId = Object.fromEntries(verdict.findings.map((finding) => [finding.id, finding]))
  expect(byId['C1']).toMatchObject({
    measured: 4,
    bound: 4,
    unit: 'transitions',
    why: 'it went closed → open → half-open → open → half-open → closed',
  })
  expect(byId['C2']).toMatchObject({ measured: 85.5, bound: 1000, margin: 0.9145, why: 'opened after 85.5 ms, promised 1 s' })
  expect(byId['C3']).toMatchObject({ measured: 300, bound: 5000, margin: 0.94, why: 'closed after 300 ms, promised 5 s' })
})

it('tells a breaker that never opened, in every criterion about it', async () => {
  const verdict = await verdictOf([goes, opens, closes], neverOpens)
  expect(verdict.findings.map(({ result, cause }) => [result, cause])).toEqual(Array.from({ length: 3 }, () => ['fail', 'never_opened']))
  expect(verdict.why[1]).toBe(
    "gemini's breaker opens within 1 s of the fault in outage: never opened, though the fault bit at 12.0 s and 1,007 requests followed; promised within 1 s",
  )
})

it('tells a late closing from none: closed after 20.1 s, promised 5 s', async () => {
  expect(await findingOf(closes, late)).toMatchObject({
    result: 'fail',
    cause: 'closed_late',
    why: 'closed after 20.1 s, promised 5 s',
    measured: 20_100,
    margin: -3.02,
  })
  expect(await findingOf(goes, late)).toMatchObject({ result: 'pass' })
})

it('tells a breaker that never lets a probe pass', async () => {
  expect(await findingOf(closes, neverProbes)).toMatchObject({
    result: 'fail',
    cause: 'never_half_open',
    why: 'never half-open, open since 12.1 s; promised closed within 5 s',
    measured: null,
  })
  expect(await findingOf(goes, neverProbes)).toMatchObject({ result: 'fail', cause: 'never_half_open', measured: 2 })
  const stuckAfterProbe: Story = { ...neverProbes, breaker: healthyBreaker.slice(0, 3) }
  for (const criterion of [goes, closes])
    expect(await findingOf(criterion, stuckAfterProbe)).toMatchObject({ result: 'fail', cause: 'never_half_open' })
})

it('tells a breaker that is probed and never closes', async () => {
  const story: Story = {
    breaker: [...healthyBreaker.slice(0, 4), ['open', 22_200], ['half_open', 27_200], ['open', 27_300]],
    gemini: rejectedUntil(END),
  }
  expect(await findingOf(closes, story)).toMatchObject({
    result: 'fail',
    cause: 'never_closed',
    why: 'half-open 2 times, never closed; promised closed within 5 s',
  })
  expect(await findingOf(goes, story)).toMatchObject({
    result: 'fail',
    cause: 'never_closed',
    why: expect.stringMatching(/^half-open 2 times after the fault, never closed: /),
  })
})

it('tells a breaker that closes and opens again', async () => {
  const story: Story = {
    breaker: [...healthyBreaker, ['open', 30_000], ['half_open', 35_000], ['closed', 35_100]],
    gemini: rejectedUntil(END),
  }
  expect(await findingOf(closes, story)).toMatchObject({
    result: 'fail',
    cause: 'reopened',
    why: 'closed after 300 ms, opened again, closed for good after 13.1 s, promised 5 s',
  })
  expect(await findingOf(goes, story)).toMatchObject({
    result: 'fail',
    cause: 'reopened',
    why: expect.stringMatching(/^opened again at 30.0 s \(failures\), 3 openings/),
  })
  const forGood: Story = { ...story, breaker: [...healthyBreaker, ['open', 30_000]] }
  expect(await findingOf(closes, forGood)).toMatchObject({ result: 'fail', cause: 'reopened', measured: null })
})

it('tells a breaker that opens late', async () => {
  const story: Story = {
    breaker: [
      ['open', 14_502],
      ['half_open', 22_100],
      ['closed', 22_200],
    ],
  }
  expect(await findingOf(opens, story)).toMatchObject({ result: 'fail', cause: 'opened_late', why: 'opened after 2.487 s, promised 1 s' })
})

it('tells a breaker that was open before the fault began', async () => {
  const story: Story = {
    breaker: [
      ['open', 9000],
      ['half_open', 22_100],
      ['closed', 22_200],
    ],
  }
  expect(await findingOf(opens, story)).toMatchObject({
    result: 'fail',
    cause: 'unexpected_transition',
    why: 'was open already when the fault began: since 9 s',
  })
})

it('holds a breaker to staying closed, and says when it did not', async () => {
  const quiet: Story = { breaker: [], gemini: () => ok, plan: { faults: [] } }
  expect(await findingOf(stays, quiet)).toMatchObject({ result: 'pass', why: 'closed throughout 5,977 requests' })
  expect(await findingOf(stays)).toMatchObject({
    result: 'fail',
    cause: 'unexpected_transition',
    why: 'open at 12.1 s (failures), 2 openings in all',
    measured: 2,
  })
  expect(await findingOf({ ...stays, during: ['steady'] })).toMatchObject({ result: 'pass' })
  expect(await findingOf({ ...stays, during: ['recovery'] })).toMatchObject({ result: 'fail' })
  expect(await findingOf({ ...goes, sequence: ['closed'] })).toMatchObject({ result: 'fail', cause: 'unexpected_transition' })
})

it('counts failed probes when the promise speaks of them', async () => {
  const once: Criterion = { ...goes, sequence: ['closed', 'open', 'half_open', 'open', 'half_open', 'closed'] }
  const twice: Criterion = { ...goes, sequence: ['closed', 'open', 'half_open', 'open', 'half_open', 'open', 'half_open', 'closed'] }
  expect(await findingOf(once)).toMatchObject({ result: 'pass' })
  expect(await findingOf(twice)).toMatchObject({ result: 'fail', cause: 'unexpected_transition' })
})

it('believes the upstream rather than a breaker that says OPEN while calls pass', async () => {
  const leaky: Story = { gemini: (dueMs) => (dueMs >= 12_000 && dueMs < 22_300 ? failing : ok) }
  const verdict = await verdictOf([goes, opens, closes], leaky)
  expect(verdict.findings.map(({ result, cause }) => [result, cause])).toEqual(Array.from({ length: 3 }, () => ['fail', 'contradiction']))
  expect(verdict.findings[0]!.why).toMatch(/^9\d\d requests reached gemini while the gateway reported its breaker open/)
  expect(verdict.validity.find(({ id }) => id === 'witnesses:gemini')).toMatchObject({ ok: false })
})

it('believes the clients rather than a breaker that rejects and says CLOSED', async () => {
  const story: Story = { breaker: [], gemini: (dueMs) => (dueMs > 30_000 && dueMs < 31_000 ? rejected : ok) }
  expect(await findingOf(stays, story)).toMatchObject({
    result: 'fail',
    cause: 'contradiction',
    why: expect.stringContaining('95 requests for gemini were rejected by a breaker that was reported closed'),
  })
})

it('believes the clients rather than a breaker that closes by its own account and goes on rejecting', async () => {
  const story: Story = { gemini: rejectedUntil(30_000) }
  expect(await findingOf(closes, story)).toMatchObject({
    result: 'fail',
    cause: 'contradiction',
    why: expect.stringMatching(/^[\d,]+ requests for gemini were rejected by a breaker that was reported closed; by its own account/),
  })
})

it('allows for requests that were due before the breaker opened, however long they were on their way', async () => {
  const held: Story = { gemini: (dueMs) => (dueMs >= 12_000 && dueMs < 12_100 ? { ...failing, onTheWayMs: 3000 } : healthyGemini(dueMs)) }
  expect(await findingOf(goes, held)).toMatchObject({ result: 'pass' })
  const through: Story = { gemini: (dueMs) => (dueMs >= 14_000 && dueMs < 14_050 ? failing : healthyGemini(dueMs)) }
  expect(await findingOf(goes, through)).toMatchObject({ result: 'fail', cause: 'contradiction' })
})

it('allows an attempt that no request id dates a timeout, the stalls of the run, and what a toxic adds', async () => {
  const unnamed = { ...failing, anonymous: true }
  const { upstreams } = planOf().gateway
  const gateway = { upstreams: { ...upstreams, gemini: { ...upstreams['gemini']!, timeout: { attempt: 1000, total: 5000 } } } }
  const arriving = (fromMs: number, untilMs: number, also: Story['also'] = []): Story => ({
    gemini: (dueMs) => (dueMs >= fromMs && dueMs < untilMs ? unnamed : healthyGemini(dueMs)),
    also,
    plan: { gateway },
  })
  const [soon, tooLate] = [12_200, 13_400]
  expect(await findingOf(goes, arriving(soon, soon + 500))).toMatchObject({ result: 'pass' })
  expect(await findingOf(goes, arriving(tooLate, tooLate + 500))).toMatchObject({ result: 'fail', cause: 'contradiction' })
  const stall = { type: 'health', t: 12_500, role: 'toxiproxy', loopDelayMax: 400, cpu: 0.2 } as const
  expect(await findingOf(goes, arriving(tooLate, tooLate + 500, [stall]))).toMatchObject({ result: 'pass' })
  const toxic = { type: 'latency', attributes: { latency: 1000 } } as const
  const fault = { made: 'network', is: 'toxic', toxic, stream: 'upstream', toxicity: 1 } as const
  const slow: Story = {
    ...arriving(tooLate, tooLate + 500, [{ type: 'fault', t: 12_010, fault: 'F1', edge: 'bite' }]),
    plan: { gateway, faults: [{ ...outage, fault }] },
  }
  expect(await findingOf(goes, slow)).toMatchObject({ result: 'pass' })
})

const mute = (story: Story = {}): Story => ({
  ...story,
  breaker: [],
  also: [...(story.also ?? []), { type: 'note', t: -10, code: 'events_unavailable', text: 'the gateway offers no breaker events' }],
})
/** What a gateway without events looks like from outside: gemini's requests, and the probe that fails. */
const fromOutside = (dueMs: number): Answer => (dueMs >= 17_100 && dueMs < 17_160 ? failing : healthyGemini(dueMs))

it('infers from traffic what a gateway without events does not tell', async () => {
  const verdict = await verdictOf([goes, opens, closes, { ...stays, upstream: 'assemblyai' }], mute({ gemini: fromOutside }))
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
  expect(await findingOf(closes, mute({ gemini: rejectedUntil(42_100) }))).toMatchObject({
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

it('decides nothing about a breaker without its events when answers came from elsewhere unmarked', async () => {
  const cached = mute({ gemini: (dueMs) => (fromOutside(dueMs).outcome === 'rejected' ? { ...ok, attempts: 0 } : fromOutside(dueMs)) })
  for (const criterion of [goes, opens, closes, stays])
    expect(await findingOf(criterion, cached)).toMatchObject({
      result: 'inconclusive',
      cause: 'no_breaker_events',
      why: expect.stringContaining('traffic alone cannot tell a cache from an open breaker'),
    })
})

it('decides nothing about a breaker without its events when the network keeps requests away too', async () => {
  const fault = { made: 'network', is: 'down' } as const
  const down = mute({ plan: { faults: [{ ...outage, fault }] }, also: [{ type: 'fault', t: 12_050, fault: 'F1', edge: 'bite' }] })
  for (const criterion of [goes, opens, closes, stays])
    expect(await findingOf(criterion, down)).toMatchObject({ result: 'inconclusive', cause: 'no_breaker_events' })
})

it('decides nothing about breakers when events were lost on the way', async () => {
  const gap = healthyBreaker.filter(([state]) => state !== 'half_open')
  expect(
    await findingOf(goes, { also: [{ type: 'note', t: 100, code: 'events_gap', text: 'events 3 to 4 were not received' }] }),
  ).toMatchObject({
    result: 'inconclusive',
    cause: 'no_breaker_events',
  })
  const story: Story = {
    also: [{ type: 'transition', t: 50_000, upstream: 'gemini', from: 'half_open', to: 'closed', cause: '', sequence: 9 }],
    breaker: gap.slice(0, 1),
  }
  expect(await findingOf(goes, story)).toMatchObject({ result: 'inconclusive', cause: 'no_breaker_events' })
})

it('decides nothing about breakers when events could not be read, or name the upstream otherwise', async () => {
  const unreadable: Story = {
    breaker: [],
    also: [{ type: 'note', t: 12_100, code: 'events_unreadable', text: 'an event could not be read' }],
  }
  expect(await findingOf(stays, unreadable)).toMatchObject({ result: 'inconclusive', cause: 'no_breaker_events' })
  expect(await findingOf(opens, unreadable)).toMatchObject({ result: 'inconclusive', cause: 'no_breaker_events' })
  const other = (upstream: string): Story => ({
    breaker: [],
    also: [{ type: 'transition', t: 12_100, upstream, from: 'closed', to: 'open', cause: '', sequence: 1 }],
  })
  expect(await findingOf(opens, other('Gemini'))).toMatchObject({
    result: 'inconclusive',
    cause: 'no_breaker_events',
    why: expect.stringContaining('the gateway reports breaker events of "Gemini", and none of "gemini"'),
  })
  expect(await findingOf(opens, other('billing'))).toMatchObject({ result: 'fail', cause: 'never_opened' })
})

it('is not sure of a closing that the run was too short to see', async () => {
  const long: Criterion = { ...closes, withinMs: 60_000 }
  expect(await findingOf(long, neverProbes)).toMatchObject({ result: 'inconclusive', cause: 'phase_not_reached' })
})

it('does not blame a breaker that no request came to probe', async () => {
  const story: Story = { breaker: [['open', 12_100]], gemini: (dueMs) => (dueMs >= 22_000 ? 'not sent' : rejectedUntil(END)(dueMs)) }
  expect(await findingOf(closes, story)).toMatchObject({ result: 'inconclusive' })
})
