import { describe, expect, it } from 'vitest'
import type { Reply } from '../scripted-attempt.ts'
import { POST, world } from '../world.ts'

const hedge = { after: 50 }
const slowThen =
  (first: Reply, ...others: Reply[]) =>
  (_hit: unknown, ordinal: number): Reply =>
    [first, ...others][ordinal] ?? others.at(-1)!
const HANG: Reply = { after: Number.POSITIVE_INFINITY }

describe('hedging', () => {
  it('X01 sends a slow safe request once more, and the first answer wins', () => {
    const { call, clock, hits, stack, busy } = world({ hedge, bulkhead: {}, breaker: {} }, slowThen(HANG, { after: 10 }))
    const driven = call()
    clock.advance(500)
    expect(hits.map(({ at }) => at)).toEqual([0, 50])
    expect(driven).toMatchObject({ endedAt: 60, result: { is: 'answered', attempts: 2, outcome: { attempt: 2 }, attempt: { number: 2 } } })
    expect(busy.now).toBe(0)
    expect(stack.snapshot()).toMatchObject({ bulkhead: { inUse: 0 }, breaker: { totals: { admitted: 2, success: 1, neutral: 1 } } })
  })

  it('X01 never sends a POST twice, nor a body that is gone', () => {
    for (const request of [POST, { ...POST, idempotent: true }, { replayable: false }]) {
      const { settle, hits } = world({ hedge }, () => ({ after: 500 }))
      expect(settle(request)).toMatchObject({ is: 'answered', attempts: 1 })
      expect(hits.length).toBe(1)
    }
  })

  it('X01 without budget there is no hedge, and the first attempt still answers', () => {
    const { settle, hits } = world({ hedge, retry: { budget: { ratio: 0, floor: 0 } } }, () => ({ after: 500 }))
    expect(settle()).toMatchObject({ is: 'answered', attempts: 1 })
    expect(hits.length).toBe(1)
  })

  it('X01 without room there is no hedge, and none waits for it', () => {
    const full = world({ hedge, bulkhead: { concurrent: 1, queue: 5 } }, () => ({ after: 500 }))
    expect(full.settle()).toMatchObject({ is: 'answered', attempts: 1 })
    const paced = world({ hedge, rateLimit: { limit: 1, per: '1h', queue: 5 }, bulkhead: {} }, () => ({ after: 500 }))
    expect(paced.settle()).toMatchObject({ is: 'answered', attempts: 1 })
    expect(paced.stack.snapshot().bulkhead?.inUse).toBe(0)
  })

  it('a probe is not hedged, nor is anything while the breaker is not closed', () => {
    const { call, clock, hits } = world({ hedge, breaker: { failures: 1, recovery: 100, recoveryJitter: 0 } }, (_hit, ordinal) =>
      ordinal === 0 ? { after: 500 } : ordinal === 1 ? { status: 503 } : { after: 500 },
    )
    call()
    clock.advance(20)
    call(POST)
    clock.advance(100)
    call()
    clock.advance(400)
    expect(hits.map(({ at, probe }) => [at, probe])).toEqual([
      [0, false],
      [20, false],
      [120, true],
    ])
  })

  it('sends as many as the settings allow, one after another', () => {
    const { settle, hits } = world({ hedge: { after: 50, extra: 2 } }, () => ({ after: 500 }))
    settle()
    expect(hits.map(({ at }) => at)).toEqual([0, 50, 100])
  })

  it('waits for the other when one fails', () => {
    const { call, clock, stack } = world(
      { hedge, breaker: { failures: 9 }, retry: {} },
      slowThen({ after: 100 }, { after: 10, status: 503 }),
    )
    const driven = call()
    clock.advance(500)
    expect(driven).toMatchObject({ endedAt: 100, result: { is: 'answered', outcome: { attempt: 1 } } })
    expect(stack.snapshot()).toMatchObject({ breaker: { totals: { success: 1, failure: 1 } }, retryBudget: { active: 0 } })
  })

  it('fails with the last when all fail, and is not retried then', () => {
    const { settle, hits } = world({ hedge, retry: { attempts: 5 } }, slowThen({ after: 100, status: 503 }, { after: 10, error: 'reset' }))
    expect(settle()).toMatchObject({ is: 'failed', attempts: 2, outcome: { attempt: 1, status: 503 }, why: 'hedged' })
    expect(hits.length).toBe(2)
  })

  it('is retried as usual when it failed before it was hedged', () => {
    const { settle } = world({ hedge, retry: { base: 1 } }, slowThen({ after: 10, status: 503 }, { after: 10 }))
    expect(settle()).toMatchObject({ is: 'answered', attempts: 2 })
  })

  it('the client going away ends all attempts, neutral', () => {
    const { call, clock, stack, busy } = world({ hedge, bulkhead: {}, breaker: {}, retry: {} }, () => HANG)
    const driven = call()
    clock.advance(60)
    expect(busy.now).toBe(2)
    driven.abort()
    expect(driven.result).toEqual({ is: 'aborted', attempts: 2 })
    expect(stack.snapshot()).toMatchObject({
      bulkhead: { inUse: 0 },
      breaker: { totals: { admitted: 2, neutral: 2 } },
      retryBudget: { active: 0 },
    })
  })

  it('counts once where calls are counted', () => {
    const { settle, stack } = world({ hedge, breaker: { counts: 'calls' } }, slowThen(HANG, { after: 10 }))
    settle()
    expect(stack.snapshot().breaker?.totals).toEqual({ admitted: 1, rejected: 0, success: 1, failure: 0, neutral: 0, late: 0 })
  })
})
