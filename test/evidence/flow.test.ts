import { describe, expect, it } from 'vitest'
import type { Flow } from '../../src/evidence/flow.ts'
import { foldJournal } from '../../src/evidence/fold/fold.ts'
import type { PlannedRoute } from '../../src/plan/plan.ts'
import { mergeEvidence } from '../../src/evidence/merge.ts'
import { type Answer, type Story, END, evidenceOf, failing, healthyGemini, journalOf, ok, planOf, rejected } from '../judge/history.ts'

const TICK = 50
const total = (ticks: readonly number[], fromMs = 0, toMs = END): number =>
  ticks.slice(fromMs / TICK, toMs / TICK).reduce((sum, count) => sum + count, 0)
const flowOf = async (story: Story = {}): Promise<Flow> => (await evidenceOf(story)).flow.find(({ upstream }) => upstream === 'gemini')!

it('counts who was due, who was tried, and what failed, when it was', async () => {
  const flow = await flowOf()
  // 100 requests a second for gemini, about: which upstream a request asks is drawn.
  expect(total(flow.asked, 13_000, 22_000)).toBeGreaterThan(800)
  expect(total(flow.tried, 13_000, 22_000)).toBe(0)
  expect(total(flow.tried, 2000, 12_000)).toBe(total(flow.asked, 2000, 12_000))
  expect(flow.triedByRoute['gemini.generate']!.reduce((sum, count) => sum + count, 0)).toBe(total(flow.tried))
  const refused = flow.failed.findIndex((count) => count > 0)
  expect(refused * TICK).toBeGreaterThanOrEqual(12_000)
  expect(total(flow.failed)).toBe(total(flow.asked, 12_000, 12_100))
  expect(total(flow.departed, 0, END + 1000)).toBe(total(flow.tried))
})

it('counts who shared the call of another as tried, however it ended, and who was refused meanwhile as kept', async () => {
  const called = (outcome: 'ok' | 'upstream_error', lastsMs: number): Answer => ({
    outcome,
    latencyMs: lastsMs,
    attempts: 1,
    tries: [{ afterMs: 2, lastsMs: lastsMs - 3, status: outcome === 'ok' ? 200 : 503 }],
  })
  const untried = (outcome: 'ok' | 'upstream_error', lastsMs: number): Answer => ({ outcome, latencyMs: lastsMs, attempts: 0 })
  // Calls of 400 ms, each begun where one ends; whoever asks meanwhile waits for it, and every tenth is refused at once.
  const left = (dueMs: number): number => 400 - (dueMs % 400)
  let calledMs = -1
  const sharing = (dueMs: number, index: number): Answer => {
    const outcome = dueMs < 10_000 ? 'ok' : 'upstream_error'
    if (Math.floor(dueMs / 400) > calledMs) {
      calledMs = Math.floor(dueMs / 400)
      return called(outcome, left(dueMs))
    }
    return index % 10 === 0 && dueMs >= 10_000 ? untried('upstream_error', 2) : untried(outcome, left(dueMs))
  }
  const flow = await flowOf({ gemini: sharing, breaker: [] })
  expect(total(flow.kept, 0, 10_000)).toBe(0)
  // Those that ask in the last moment of a call seem to be refused: their wait tells nothing.
  const asked = total(flow.asked)
  expect(total(flow.kept)).toBeGreaterThan(0.07 * asked)
  expect(total(flow.kept)).toBeLessThan(0.1 * asked)
  expect(total(flow.tried) + total(flow.kept)).toBe(asked)
  expect(flow.triedByRoute['gemini.generate']!.reduce((sum, count) => sum + count, 0)).toBe(total(flow.tried))
})

it('knows until when a client waited, whatever the upstream did', async () => {
  const flow = await flowOf({
    gemini: (dueMs) => (dueMs >= 12_000 && dueMs < 12_100 ? { ...failing, latencyMs: 3000 } : healthyGemini(dueMs)),
  })
  const waitingAt = (atMs: number): number => total(flow.waiting, 0, atMs)
  expect(waitingAt(14_000)).toBe(total(flow.asked, 12_000, 12_100))
  expect(waitingAt(16_000)).toBe(0)
})

it('keeps the first arrivals after a quiet stretch to the millisecond, and the first answer', async () => {
  const { wakes } = await flowOf({
    gemini: (dueMs) => {
      if (dueMs >= 12_000 && dueMs < 22_000) return rejected
      return dueMs < 23_000 ? { ...ok, answeredAfterMs: 200, latencyMs: 210 } : ok
    },
  })
  expect(wakes).toHaveLength(1)
  const [{ arrivedMs, answeredMs }] = wakes as [Flow['wakes'][number]]
  expect(arrivedMs[0]).toBeGreaterThanOrEqual(22_002)
  expect(arrivedMs).toEqual(arrivedMs.toSorted((a, b) => a - b))
  // Two milliseconds on its way, and answered 200 ms after it was due.
  expect(answeredMs! - arrivedMs[0]!).toBe(198)
  expect(arrivedMs.length).toBeLessThanOrEqual(32)
})

it('grows with the plan, not with times that no plan has', async () => {
  const plan = planOf()
  const events = [...journalOf({}, plan)]
  for (const event of events) if (event.type === 'departure') event.t += 1e12
  const [{ departed }] = foldJournal(events, plan).flow as [Flow]
  expect(departed.length).toBeLessThan((END + 61_000) / TICK)
})

it('adds up over parts of a run', async () => {
  const whole = await evidenceOf()
  const [flow] = mergeEvidence([whole, whole]).flow
  const [one] = whole.flow
  expect(flow!.asked).toEqual(one!.asked.map((count) => 2 * count))
  expect(flow!.triedByRoute).toEqual(
    Object.fromEntries(Object.entries(one!.triedByRoute).map(([route, counts]) => [route, counts.map((count) => 2 * count)])),
  )
  expect(flow!.wakes).toHaveLength(2 * one!.wakes.length)
})

it('takes what a client is refused for its own doing for no refusal by a breaker', async () => {
  const refusedWith = (status: number): Story => ({
    gemini: () => ({ outcome: 'upstream_error', latencyMs: 1, attempts: 0, client: { status } }),
    breaker: [],
  })
  expect(total((await flowOf(refusedWith(413))).kept)).toBe(0)
  for (const status of [429, 503]) {
    const { kept, asked } = await flowOf(refusedWith(status))
    expect(total(kept)).toBe(total(asked))
  }
})

describe('a route that reaches two upstreams', () => {
  const route = (name: string, ...upstreams: string[]): PlannedRoute => ({
    ...planOf().load.mix[0]!,
    route: name,
    reaches: upstreams.map((upstream) => ({ upstream, route: 'generate' })),
  })
  const both = route('both', 'gemini', 'assemblyai')
  const alone = route('alone', 'assemblyai')
  const of = async (mix: PlannedRoute[], story: Story = {}): Promise<Flow> => {
    const evidence = await evidenceOf({ ...story, plan: { load: { ...planOf().load, mix } } })
    return evidence.flow.find(({ upstream }) => upstream === 'assemblyai')!
  }

  it('does not blame the second for what the first failed', async () => {
    const flow = await of([both])
    // Until its breaker opens gemini fails them; each was tried there.
    expect(total(flow.kept, 12_000, 12_100)).toBe(0)
    expect(total(flow.elsewhere, 12_000, 12_100)).toBe(total(flow.asked, 12_000, 12_100))
  })

  it('blames the second for what it refused after the first had answered well', async () => {
    const flow = await of([both], { gemini: () => ({ ...failing, answered: 200 }), breaker: [] })
    expect(total(flow.kept)).toBe(total(flow.asked))
  })

  it('leaves open who refused what nobody was tried for, where a route of the second alone tells whether it refuses', async () => {
    const flow = await of([both, alone])
    expect([total(flow.kept), total(flow.elsewhere, 13_000, 22_000) > 300]).toEqual([0, true])
    expect(total((await of([both])).kept, 13_000, 22_000)).toBeGreaterThan(300)
  })
})
