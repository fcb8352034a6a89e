import { expect, it } from 'vitest'
import { type Answer, END, type Story, failing, findingOf, healthyGemini, ok, outage, planOf, verdictOf } from '../../../judge/history.ts'
import { closes, goes } from '../../breaker/stories.ts'
import { fromOutside, mute } from '../mute.ts'

const refused = (outcome: Answer['outcome']): Answer => ({ outcome, latencyMs: 1, attempts: 0 })
const inRecovery =
  (answer: Answer, fromMs = 22_300) =>
  (dueMs: number): Answer =>
    dueMs >= fromMs ? answer : healthyGemini(dueMs)

it.each(['shed', 'fallback', 'ok', 'upstream_error'] as const)(
  'takes no breaker for closed that says so and lets nothing pass: all ends in %s',
  async (outcome) => {
    for (const criterion of [closes, goes])
      expect(await findingOf(criterion, { gemini: inRecovery(refused(outcome)) })).toMatchObject({
        result: 'fail',
        cause: 'contradiction',
        why: expect.stringMatching(/^none of \d+ requests reached gemini in .* while the gateway reported its breaker closed/) as string,
      })
  },
)

it('takes none for recovered that lets a part of the requests pass, or answers them badly', async () => {
  let count = 0
  const half: Story = { gemini: (dueMs) => (dueMs >= 22_300 && count++ % 2 ? refused('shed') : healthyGemini(dueMs)) }
  expect(await findingOf(closes, half)).toMatchObject({
    result: 'fail',
    cause: 'not_recovered',
    why: expect.stringMatching(
      /^closed after 300 ms, and users were not served again: \d[\d.]* % of requests of gemini.generate arrived at gemini since then, 100 % before the fault$/,
    ) as string,
  })
  const bad: Story = { gemini: inRecovery({ ...failing, answered: 200 }) }
  expect(await findingOf(closes, bad)).toMatchObject({ result: 'fail', cause: 'not_recovered' })
  expect(await findingOf(goes, bad)).toMatchObject({ result: 'fail', cause: 'not_recovered' })
})

it('runs the time until users are served again', async () => {
  let count = 0
  const ramp = (untilMs: number): Story => ({
    gemini: (dueMs) => (dueMs >= 22_300 && dueMs < untilMs && count++ % 3 ? refused('shed') : healthyGemini(dueMs)),
    perSecond: 200,
  })
  const slow = await findingOf(closes, ramp(30_000))
  expect(slow).toMatchObject({ result: 'fail', cause: 'not_recovered', measured: expect.closeTo(8000, -3) as number })
  expect(await findingOf(closes, ramp(25_000))).toMatchObject({ result: 'pass', measured: expect.closeTo(2800, -3) as number })
})

it('asks for no more than was so before the fault: a cache, shared calls, a share of errors', async () => {
  const usual = (answer: Answer): Story => {
    let count = 0
    return { gemini: (dueMs) => (healthyGemini(dueMs) === ok && count++ % 3 === 0 ? answer : healthyGemini(dueMs)), perSecond: 100 }
  }
  for (const story of [usual(refused('fallback')), usual({ ...failing, answered: 500 }), usual(refused('ok'))])
    expect((await verdictOf([closes, goes], story)).findings.map(({ result }) => result)).toEqual(['pass', 'pass'])
})

it('does not need request ids for it', async () => {
  const anonymous = (gemini: NonNullable<Story['gemini']>): Story => ({
    gemini(dueMs, index) {
      const answer = gemini(dueMs, index)
      return answer === 'not sent' ? answer : { ...answer, anonymous: true }
    },
    perSecond: 200,
  })
  expect(await findingOf(closes, anonymous(healthyGemini))).toMatchObject({ result: 'pass' })
  expect(await findingOf(closes, anonymous(inRecovery(refused('shed'))))).toMatchObject({ result: 'fail', cause: 'contradiction' })
})

it('calls no limiter, pause or burst of load a silence of the breaker', async () => {
  for (const outcome of ['limited', 'timeout', 'connection_error'] as const) {
    const story: Story = { gemini: (dueMs) => (dueMs > 40_000 && dueMs < 43_000 ? refused(outcome) : healthyGemini(dueMs)) }
    expect(await findingOf(closes, story)).toMatchObject({ result: 'pass' })
  }
})

it('takes none for recovered that came back for a moment', async () => {
  const gone = mute({ gemini: (dueMs) => (dueMs >= 24_300 ? refused('fallback') : fromOutside(dueMs)), perSecond: 200 })
  expect(await findingOf(closes, gone)).toMatchObject({ result: 'fail', cause: 'not_recovered' })
  const shortly = mute({ gemini: (dueMs) => (dueMs >= 30_000 && dueMs < 34_000 ? refused('shed') : fromOutside(dueMs)), perSecond: 200 })
  expect(await findingOf(closes, shortly)).toMatchObject({ result: 'pass' })
})

it('blames no breaker for bad answers that another upstream of the route made', async () => {
  const { load } = planOf()
  const [first, second] = load.mix
  const both = { ...first!, reaches: [...first!.reaches, ...second!.reaches] }
  const elsewhere = { ...outage, id: 'F2', phase: 'recovery', upstream: 'assemblyai', startMs: 22_100, endMs: END }
  const bad = { ...failing, answered: 200 }
  const story: Story = {
    gemini: (dueMs) => (dueMs >= 22_300 ? bad : healthyGemini(dueMs)),
    plan: { load: { ...load, mix: [both, second!] }, faults: [outage, elsewhere] },
    also: [{ type: 'fault', t: 22_150, fault: 'F2', edge: 'bite' }],
  }
  expect(await findingOf(closes, story)).toMatchObject({ result: 'pass' })
  expect(await findingOf(closes, { ...story, plan: {}, also: [] })).toMatchObject({ result: 'fail', cause: 'not_recovered' })
})
