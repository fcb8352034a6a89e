import { describe, expect, it } from 'vitest'
import { RatioBudget } from '../../../src/policies/retry/budget/ratio.ts'
import { ThrottleBudget } from '../../../src/policies/retry/budget/throttle.ts'
import { world } from '../world.ts'

/** How many retries are granted on end, all under way at once. */
function drain(budget: { tryRetry(now: number): boolean }, now = 0): number {
  let granted = 0
  while (budget.tryRetry(now)) granted++
  return granted
}

describe('a budget by ratio', () => {
  it('R21 a hundred failing requests pay for twenty retries, and the floor adds at most three', () => {
    const budget = new RatioBudget({ ratio: 0.2, floor: 3, window: 10_000 })
    for (let turn = 0; turn < 100; turn++) budget.requested(0)
    const granted = drain(budget)
    expect(granted).toBeGreaterThanOrEqual(20)
    expect(granted).toBeLessThanOrEqual(23)
  })

  it('R21 two requests have the floor alone', () => {
    const budget = new RatioBudget({ ratio: 0.2, floor: 3, window: 10_000 })
    budget.requested(0)
    budget.requested(0)
    expect(drain(budget)).toBe(3)
    expect(budget.active).toBe(3)
  })

  it('R21 a retry in backoff counts as under way', () => {
    const settings = { retry: { attempts: 2, base: 1000, jitter: 'none' } } as const
    const { call, stack, clock } = world(settings, () => ({ status: 503 }))
    const calls = Array.from({ length: 4 }, () => call())
    clock.advance(0)
    expect(stack.snapshot().retryBudget?.active).toBe(3)
    expect(calls.map(({ result }) => result?.is === 'failed' && result.why)).toEqual([false, false, false, 'retry_budget'])
    clock.advance(1000)
    expect(stack.snapshot().retryBudget?.active).toBe(0)
  })

  it('R22 ten thousand requests pay for a thousand retries, and an idle window clears the rest', () => {
    const budget = new RatioBudget({ ratio: 0.1, floor: 0, window: 10_000 })
    for (let turn = 0; turn < 10_000; turn++) budget.requested(0)
    expect(Math.abs(drain(budget) - 1000)).toBeLessThanOrEqual(1)
    for (let turn = 0; turn < 100; turn++) budget.requested(0)
    expect(budget.balance(9_999)).toBeGreaterThan(9)
    expect(budget.balance(10_000)).toBe(0)
  })

  it('R23 an outage drains it, and later requests fill it again', () => {
    const budget = new RatioBudget({ ratio: 0.2, floor: 0, window: 10_000 })
    for (let turn = 0; turn < 100; turn++) budget.requested(0)
    drain(budget)
    expect(budget.tryRetry(500)).toBe(false)
    for (let turn = 0; turn < 500; turn++) budget.requested(12_600)
    expect(drain(budget, 12_700)).toBe(100)
  })

  it('forgets a debt with its window', () => {
    const budget = new RatioBudget({ ratio: 0.2, floor: 3, window: 10_000 })
    for (let turn = drain(budget); turn > 0; turn--) budget.retryEnded()
    expect(budget.tryRetry(5000)).toBe(false)
    expect(drain(budget, 10_000)).toBe(3)
  })

  it('works on a clock that begins below zero', () => {
    const budget = new RatioBudget({ ratio: 1, floor: 0, window: 10 })
    budget.requested(-7)
    expect(budget.balance(-1)).toBe(1)
    expect(budget.balance(3)).toBe(0)
  })
})

describe('a budget by throttling', () => {
  it('R24 five failures of ten stop retries, one success allows them again', () => {
    const budget = new ThrottleBudget({ tokens: 10, ratio: 0.1 })
    for (let turn = 0; turn < 4; turn++) budget.ended(true)
    expect(budget.tryRetry()).toBe(true)
    budget.ended(true)
    expect(budget.tryRetry()).toBe(false)
    budget.ended(false)
    expect(budget.tryRetry()).toBe(true)
    expect(budget.active).toBe(2)
  })

  it('R24 neither falls below nothing nor rises above what it began with', () => {
    const budget = new ThrottleBudget({ tokens: 10, ratio: 0.1 })
    for (let turn = 0; turn < 100; turn++) budget.ended(true)
    expect(budget.balance()).toBe(0)
    for (let turn = 0; turn < 1000; turn++) budget.ended(false)
    expect(budget.balance()).toBe(10)
  })

  it('R24 hears of every attempt within the stack', () => {
    const { settle, stack } = world({ retry: { attempts: 2, budget: { kind: 'throttle' } } }, () => ({ status: 503 }))
    settle()
    expect(stack.snapshot().retryBudget).toEqual({ balance: 8, active: 0 })
  })
})

describe('an outage', () => {
  const settings = { retry: { attempts: 3, budget: { ratio: 0.2, floor: 3 } } } as const

  it('R25 a thousand calls at once are at most 1,200 hits and the floor', () => {
    const { call, clock, hits } = world(settings, () => ({ status: 503, after: 10 }))
    for (let turn = 0; turn < 1000; turn++) call()
    clock.advance(60_000)
    expect(hits.length).toBeGreaterThan(1100)
    expect(hits.length).toBeLessThanOrEqual(1203)
  })

  it('R25 … and as few when they come one after another', () => {
    const { call, clock, hits } = world(settings, () => ({ status: 503, after: 1 }))
    for (let turn = 0; turn < 1000; turn++) {
      call()
      clock.advance(9)
    }
    clock.advance(60_000)
    expect(hits.length).toBeLessThanOrEqual(1203)
  })

  it('budgets belong to upstreams', () => {
    const down = world(settings, () => ({ status: 503 }))
    const up = world(settings, (_hit, ordinal) => ({ status: ordinal === 0 ? 503 : 200 }), { clock: down.clock, name: 'assemblyai' })
    for (let turn = 0; turn < 10; turn++) down.settle({}, 100)
    expect(up.settle()).toMatchObject({ is: 'answered', attempts: 2 })
  })
})
