import { expect, it } from 'vitest'
import { closes, goes, opens, rejectedUntil, stays } from '../../criteria/breaker/stories.ts'
import type { JournalEvent } from '../../../src/evidence/events.ts'
import { fromOutside, mute } from '../../criteria/measure/mute.ts'
import { END, type Story, failing, findingOf, healthyGemini, ok, outage, planOf, rejected, verdictOf } from '../history.ts'

it('believes the upstream rather than a breaker that says OPEN while calls pass', async () => {
  const leaky: Story = { gemini: (dueMs) => (dueMs >= 12_000 && dueMs < 22_300 ? failing : ok) }
  const verdict = await verdictOf([goes, opens, closes], leaky)
  expect(verdict.findings.map(({ result, cause }) => [result, cause])).toEqual(Array.from({ length: 3 }, () => ['fail', 'contradiction']))
  expect(verdict.findings[0]!.why).toMatch(/^1\d\d requests reached gemini while the gateway reported its breaker open/)
  expect(verdict.validity.find(({ id }) => id === 'witnesses:gemini')).toMatchObject({ ok: false })
})

it('believes the clients rather than a breaker that rejects and says CLOSED', async () => {
  const story: Story = { breaker: [], gemini: (dueMs) => (dueMs > 30_000 && dueMs < 31_000 ? rejected : ok) }
  expect(await findingOf(stays, story)).toMatchObject({
    result: 'fail',
    cause: 'contradiction',
    why: expect.stringMatching(/\d+ requests for gemini were rejected by a breaker that was reported closed/),
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
  const through: Story = { gemini: (dueMs) => (dueMs >= 14_000 && dueMs < 14_050 ? failing : healthyGemini(dueMs)), perSecond: 200 }
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

/** Calls of the gateway's own, without a client's id, on a route that requests ask for too: each `everyMs`, at all times. */
const ownCalls = (everyMs: number, fromMs = 0): JournalEvent[] =>
  Array.from({ length: Math.floor((END - fromMs) / everyMs) }, (_, nth): JournalEvent => ({
    type: 'arrival',
    t: fromMs + nth * everyMs + 7,
    upstream: 'gemini',
    ordinal: 100_000 + nth,
    request: '',
    attempt: 0,
    concurrent: 1,
    route: 'generate',
    method: 'POST',
    idempotent: false,
    bodyHash: '',
  }))

it('takes no health check of the gateway for a call that passes an open breaker', async () => {
  expect(await findingOf(goes, { also: ownCalls(400), perSecond: 200 })).toMatchObject({ result: 'pass' })
  expect(await findingOf(goes, mute({ gemini: fromOutside, also: ownCalls(400), perSecond: 200 }))).toMatchObject({ result: 'pass' })
})

it('takes calls without an id that come when the breaker opens for what they are', async () => {
  expect(await findingOf(goes, { also: ownCalls(40, 12_200), perSecond: 200 })).toMatchObject({ result: 'fail', cause: 'contradiction' })
})

it('takes two workers, one of which tells that its breaker is open, for no contradiction', async () => {
  let count = 0
  const half: Story = {
    gemini(dueMs) {
      const answer = healthyGemini(dueMs)
      return answer === rejected && count++ % 2 === 0 ? failing : answer
    },
    perSecond: 200,
  }
  expect(await findingOf(goes, half)).toMatchObject({
    result: 'inconclusive',
    cause: 'partly_open',
    why: expect.stringMatching(/is told to be open, and looks open for \d\d(\.\d)? % of the requests/) as string,
  })
  // One that lets every twelfth call pass is no worker of its own: it leaks.
  let leaked = 0
  const leak: Story = {
    gemini(dueMs) {
      const answer = healthyGemini(dueMs)
      return answer === rejected && leaked++ % 12 === 0 ? failing : answer
    },
    perSecond: 200,
  }
  expect(await findingOf(goes, leak)).toMatchObject({ result: 'fail', cause: 'contradiction' })
})

it('takes the clients at their word rather than one worker that rejects all and says CLOSED', async () => {
  const all: Story = { breaker: [], gemini: (dueMs) => (dueMs > 30_000 && dueMs < 33_000 ? rejected : ok), perSecond: 200 }
  expect(await findingOf(stays, all)).toMatchObject({ result: 'fail', cause: 'contradiction' })
})
