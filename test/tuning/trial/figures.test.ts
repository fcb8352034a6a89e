// What a candidate costs, of histories that are written by hand and whose costs are known.
import { describe, expect, it } from 'vitest'
import type { BreakerState } from '../../../src/contract/breaker-events.ts'
import type { Criterion } from '../../../src/criteria/criteria.ts'
import { evaluate } from '../../../src/tuning/trial/evaluate.ts'
import { type Figures, costsOf } from '../../../src/tuning/trial/figures.ts'
import type { TrialResult } from '../../../src/tuning/trial/trial.ts'
import { errors, goes, recoveryP95, steadyP95 } from '../../judge/criteria.ts'
import {
  type Answer,
  END,
  OUTAGE_END,
  OUTAGE_START,
  type Story,
  evidenceOf,
  failing,
  healthyBreaker,
  ok,
  outage,
  planOf,
} from '../../judge/history.ts'

const WARM = 2000
const TOTAL = planOf().gateway.upstreams['gemini']!.timeout.total

async function costs(story: Story): Promise<Omit<Figures, 'margin'>> {
  const plan = planOf([], story.plan, 40)
  return costsOf({ plan, evidence: await evidenceOf(story, plan) })
}

/** Of gemini's requests those that are due between two times; the others go well. `seen` holds when each was due. */
function between(fromMs: number, toMs: number, answer: Answer | 'not sent', seen: number[]): NonNullable<Story['gemini']> {
  return (dueMs) => {
    if (dueMs < fromMs || dueMs >= toMs) return ok
    seen.push(dueMs)
    return answer
  }
}

const trip = (atMs: number): [BreakerState, number][] => [
  ['open', atMs],
  ['half_open', atMs + 5000],
  ['closed', atMs + 5100],
]

describe('wasted calls', () => {
  it('are those that reached an upstream and came to nothing, retries too', async () => {
    const seen: number[] = []
    const { wastedCalls } = await costs({ gemini: between(OUTAGE_START, 13_000, { ...failing, attempts: 3 }, seen) })
    expect(seen.length).toBeGreaterThan(10)
    expect(wastedCalls).toBe(3 * seen.length)
  })

  it('are not those of the warm-up, nor what was refused at once', async () => {
    const refused: Answer = { outcome: 'rejected', latencyMs: 1, attempts: 0 }
    expect((await costs({ gemini: between(0, WARM - 100, failing, []) })).wastedCalls).toBe(0)
    expect((await costs({ gemini: between(OUTAGE_START, OUTAGE_END, refused, []) })).wastedCalls).toBe(0)
  })
})

describe('lost goodput', () => {
  it.each<[string, Answer | 'not sent']>([
    ['failed', failing],
    ['were refused', { outcome: 'rejected', latencyMs: 1, attempts: 0 }],
    ['got a stand-in', { outcome: 'fallback', latencyMs: 1, attempts: 0 }],
    ['were never sent', 'not sent'],
  ])('is the share of requests that %s', async (_, answer) => {
    const seen: number[] = []
    const { lostGoodput } = await costs({ gemini: between(30_000, 40_000, answer, seen) })
    // The warm-up does not count.
    expect(lostGoodput).toBeCloseTo(seen.length / (((END - WARM) / 1000) * 40), 6)
  })
})

describe('false trips', () => {
  const trips = async (...breaker: [BreakerState, number][]): Promise<number> => (await costs({ breaker })).falseTrips

  it('are openings without a fault', async () => {
    expect(await trips(...trip(4000))).toBe(1)
    expect(await trips(...trip(4000), ...healthyBreaker)).toBe(1)
    expect(await trips(...trip(4000), ...healthyBreaker, ...trip(40_000), ...trip(50_000))).toBe(3)
  })

  it('are none that the fault made: in it, and as long after it as a call may take', async () => {
    expect(await trips(...healthyBreaker)).toBe(0)
    expect(await trips(...trip(OUTAGE_END + TOTAL - 100))).toBe(0)
    expect(await trips(...trip(OUTAGE_END + TOTAL + 100))).toBe(1)
  })

  it('are not excused by a fault of another upstream, and a probe that failed is none', async () => {
    const elsewhere = { faults: [{ ...outage, upstream: 'assemblyai' }] }
    const breaker: [BreakerState, number][] = [
      ['open', 15_000],
      ['half_open', 20_000],
      ['open', 20_100],
      ['half_open', 25_000],
      ['closed', 25_100],
    ]
    expect((await costs({ breaker, plan: elsewhere })).falseTrips).toBe(1)
  })
})

describe('the time to recover', () => {
  it('runs from the end of the fault until the breaker is closed', async () => {
    expect((await costs({})).recoveryMs).toBe(300)
    expect((await costs({ breaker: [['open', 12_100]] })).recoveryMs).toBe(END + 100 - OUTAGE_END)
    expect((await costs({ breaker: [] })).recoveryMs).toBe(0)
  })
})

describe('the worst margin', () => {
  const played = async (criteria: Criterion[], story: Story = {}): Promise<TrialResult & { is: 'judged' }> => {
    const plan = planOf(criteria)
    const result = await evaluate(
      { scenario: plan.scenario, settings: {}, seed: plan.seed },
      { planOf: () => plan, simulate: () => evidenceOf({ perSecond: 200, ...story }, plan) },
    )
    if (result.is !== 'judged') throw new Error(result.why)
    return result
  }

  it('is the least distance of a criterion to its bound', async () => {
    // 50 ms of 300 ms; no error of 10 %.
    const { figures, margins, result } = await played([errors, recoveryP95])
    expect(result).toBe('pass')
    expect(margins.map(({ margin }) => margin)).toEqual([expect.closeTo(1, 1), expect.closeTo(5 / 6, 1)])
    expect(figures.margin).toBe(Math.min(...margins.map(({ margin }) => margin!)))
  })

  it('is below zero for one that is violated, and −1 where there is no distance', async () => {
    const slow = (dueMs: number): Answer => (dueMs < OUTAGE_START ? { ...ok, latencyMs: 450 } : ok)
    expect((await played([errors, steadyP95], { gemini: slow })).figures.margin).toBeCloseTo(-0.5, 1)
    expect((await played([errors, goes], { breaker: [...trip(4000), ...healthyBreaker] })).figures.margin).toBe(-1)
  })
})
