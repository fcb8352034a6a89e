import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../../src/kernel/random.ts'
import { Bulkhead } from '../../../src/policies/limits/bulkhead.ts'
import type { Reply } from '../scripted-attempt.ts'
import { world } from '../world.ts'

const HANG: Reply = { after: Number.POSITIVE_INFINITY }

describe('a bulkhead', () => {
  it('B01 two run, one waits, one is refused at once', () => {
    const { call, stack, hits, clock } = world({ bulkhead: { concurrent: 2, queue: 1 } }, () => ({ after: 100 }))
    const calls = [call(), call(), call(), call()]
    expect(stack.snapshot().bulkhead).toEqual({ inUse: 2, limit: 2, queued: 1 })
    expect(calls[3]?.result).toMatchObject({ is: 'rejected', reason: 'bulkhead_full' })
    clock.advance(100)
    expect(hits.map(({ at }) => at)).toEqual([0, 0, 100])
  })

  it('B02 a waiter whose client goes away leaves the queue at once', () => {
    const { call, clock, stack } = world({ bulkhead: { concurrent: 1, queue: 1 } }, () => ({ after: 300 }))
    call()
    const waiter = call()
    clock.advance(20)
    waiter.abort()
    expect(waiter).toMatchObject({ endedAt: 20, result: { is: 'aborted', attempts: 0 } })
    expect(stack.snapshot().bulkhead?.queued).toBe(0)
    expect(call().result).toBeUndefined()
  })

  it('B03 a waiter that left does not hold up those behind it', () => {
    const { call, clock, hits } = world({ bulkhead: { concurrent: 1, queue: 2 } }, () => ({ after: 100 }))
    const [, second] = [call(), call(), call()]
    second.abort()
    clock.advance(100)
    expect(hits.map(({ call: index, at }) => [index, at])).toEqual([
      [0, 0],
      [2, 100],
    ])
  })

  it('B04 slots do not go to waiters that gave up', () => {
    const { call, clock, stack } = world({ bulkhead: { concurrent: 2, queue: 2, maxWait: 50 } }, () => ({ after: 200 }))
    const calls = [call(), call(), call(), call()]
    clock.advance(50)
    expect(calls.slice(2).map(({ result }) => result?.is === 'rejected' && result.reason)).toEqual(['bulkhead_full', 'bulkhead_full'])
    clock.advance(200)
    expect(stack.snapshot().bulkhead).toEqual({ inUse: 0, limit: 2, queued: 0 })
    expect([call(), call()].map(({ result }) => result)).toEqual([undefined, undefined])
    expect(stack.snapshot().bulkhead?.inUse).toBe(2)
  })

  it('B05 every slot comes back, whatever becomes of ten thousand calls, and there are never more', () => {
    const random = seededRandom(5)
    const replies: (() => Reply)[] = [
      () => ({ after: random.integer(20) }),
      () => ({ after: random.integer(20), status: 503 }),
      () => ({ error: 'refused' }),
      () => HANG,
      () => ({ after: random.integer(60), uncancellable: true }),
      () => ({ after: random.integer(5), body: { after: random.integer(20), end: 'broken' } }),
    ]
    const { call, clock, stack, busy } = world(
      {
        bulkhead: { concurrent: 5, queue: 5, maxWait: 15 },
        timeout: { attempt: 10, total: 60 },
        retry: { attempts: 2, base: 5 },
        breaker: { failureRate: { ratio: 0.9, minimum: 20, within: 100 }, recovery: 20 },
      },
      () => replies[random.integer(replies.length)]!(),
    )
    for (let turn = 0; turn < 10_000; turn++) {
      const driven = call()
      if (random.next() < 0.3) clock.after(random.integer(40), driven.abort)
      if (random.next() < 0.3) clock.advance(random.integer(10))
      expect(stack.snapshot().bulkhead?.inUse).toBe(busy.now)
    }
    clock.advance(1000)
    expect(busy.most).toBe(5)
    expect(stack.snapshot()).toMatchObject({ bulkhead: { inUse: 0, queued: 0 }, retryBudget: { active: 0 } })
  })

  it('B06 a slot is held until the work is over, not until its caller gave up', () => {
    const { call, clock, busy } = world({ bulkhead: { concurrent: 2, queue: 100 }, timeout: { attempt: 30, total: 10_000 } }, () => ({
      after: 300,
      uncancellable: true,
    }))
    for (let turn = 0; turn < 10; turn++) call()
    clock.advance(10_000)
    expect(busy).toEqual({ now: 0, most: 2 })
  })

  it('B07 a call whose deadline passes in the queue is never sent', () => {
    const { call, clock, hits } = world({ bulkhead: { concurrent: 1, queue: 1 }, timeout: { attempt: 1000, total: 100 } }, () => ({
      after: 1000,
      uncancellable: true,
    }))
    call()
    const waiter = call()
    clock.advance(5000)
    expect(waiter).toMatchObject({ endedAt: 100, result: { is: 'rejected', reason: 'deadline', attempts: 0 } })
    expect(hits.length).toBe(1)
  })

  it('B07 … nor when its slot comes free at the deadline itself', () => {
    const { call, clock, hits, stack } = world({ bulkhead: { concurrent: 1, queue: 1 }, timeout: { attempt: 1000, total: 100 } }, () => ({
      after: 100,
    }))
    call()
    const waiter = call()
    clock.advance(5000)
    expect(waiter.result).toMatchObject({ is: 'rejected', reason: 'deadline' })
    expect(hits.length).toBe(1)
    expect(stack.snapshot().bulkhead).toEqual({ inUse: 0, limit: 1, queued: 0 })
  })

  it('B08 the first in the queue is served first', () => {
    const { call, clock, hits } = world({ bulkhead: { concurrent: 1, queue: 10 } }, () => ({ after: 10 }))
    const calls = Array.from({ length: 8 }, () => call())
    calls[3]!.abort()
    clock.advance(1000)
    expect(hits.map(({ call: index }) => index)).toEqual([0, 1, 2, 4, 5, 6, 7])
  })

  it('a newcomer does not overtake the queue', () => {
    const bulkhead = new Bulkhead({ concurrent: 1, queue: 1 })
    expect(bulkhead.tryEnter()).toBe(true)
    const waiter = bulkhead.join()!
    bulkhead.release()
    expect(bulkhead.tryEnter()).toBe(false)
    expect(bulkhead.claim(waiter)).toBe(true)
  })

  it('a slot granted to one that leaves goes to the next', () => {
    const bulkhead = new Bulkhead({ concurrent: 1, queue: 2 })
    bulkhead.tryEnter()
    const [first, second] = [bulkhead.join()!, bulkhead.join()!]
    bulkhead.release()
    bulkhead.leave(first)
    bulkhead.leave(first)
    expect(bulkhead.claim(second)).toBe(true)
    expect(bulkhead.inUse).toBe(1)
  })

  it('what was queued while the breaker opened is not sent', () => {
    const { call, clock, hits, stack } = world({ bulkhead: { concurrent: 1, queue: 2 }, breaker: { failures: 1, recovery: '1m' } }, () => ({
      after: 100,
      status: 503,
    }))
    const calls = [call(), call(), call()]
    clock.advance(1000)
    expect(hits.length).toBe(1)
    expect(calls.slice(1).map(({ result }) => result?.is === 'rejected' && result.reason)).toEqual(['circuit_open', 'circuit_open'])
    expect(stack.snapshot()).toMatchObject({ bulkhead: { inUse: 0, queued: 0 }, breaker: { totals: { late: 2 } } })
  })

  it('a higher limit lets waiters in, a lower one lets running calls finish', () => {
    const adaptive = { kind: 'aimd', min: 1, max: 3, backoff: 0.1, slow: 1000 } as const
    const bulkhead = new Bulkhead({ concurrent: 1, queue: 3, adaptive })
    const ends = (now: number, dropped: boolean): void =>
      bulkhead.attemptEnded!({ startedAt: now, now, inFlight: 3, class: dropped ? 'failure' : 'success' })
    bulkhead.tryEnter()
    const waiters = [bulkhead.join()!, bulkhead.join()!, bulkhead.join()!]
    ends(1, false)
    ends(2, false)
    expect(waiters.map((waiter) => bulkhead.claim(waiter))).toEqual([true, true, false])
    ends(3, true)
    expect(bulkhead.limit).toBe(1)
    bulkhead.release()
    bulkhead.release()
    expect([bulkhead.inUse, bulkhead.queued]).toEqual([1, 1])
    bulkhead.release()
    expect(bulkhead.claim(waiters[2]!)).toBe(true)
  })
})
