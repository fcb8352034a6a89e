import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../../src/kernel/random.ts'
import { KeyedRateLimit } from '../../../src/policies/limits/keyed-rate-limit.ts'
import { RateLimit } from '../../../src/policies/limits/rate-limit.ts'
import { TokenBucket } from '../../../src/policies/limits/token-bucket.ts'
import { world } from '../world.ts'

const bucket = (limit: number, per: number, burst: number): RateLimit =>
  new RateLimit({ kind: 'token_bucket', limit, per, burst, queue: 0 })
/** How many of `n` requests at `now` may start. */
const admitted = (limit: RateLimit, n: number, now: number): number =>
  Array.from({ length: n }, () => limit.tryEnter(now)).filter(Boolean).length

describe('a token bucket', () => {
  it('L01 ten a second with a burst of five', () => {
    const limit = bucket(10, 1000, 5)
    expect(admitted(limit, 6, 0)).toBe(5)
    expect(admitted(limit, 3, 99)).toBe(0)
    expect(admitted(limit, 3, 100)).toBe(1)
  })

  it('L02 five are five, at first and later', () => {
    const limit = bucket(5, 1000, 5)
    expect(admitted(limit, 6, 0)).toBe(5)
    expect(admitted(limit, 6, 1000)).toBe(5)
    expect(admitted(limit, 6, 2000)).toBe(5)
  })

  it('L03 no interval admits more than its share and a burst', () => {
    const random = seededRandom(9)
    const limit = bucket(50, 1000, 4)
    const starts: number[] = []
    let now = 0
    while (now < 10_000) {
      now += random.exponential(5)
      if (limit.tryEnter(now)) starts.push(now)
    }
    expect(starts.length).toBeGreaterThan(450)
    for (const [index, from] of starts.entries())
      for (let last = index; last < Math.min(starts.length, index + 60); last++)
        expect(last - index + 1).toBeLessThanOrEqual(((starts[last]! - from) * 50) / 1000 + 4 + 1e-3)
  })

  it('L04 what is refused costs nothing', () => {
    const limit = bucket(1, 100, 1)
    expect(admitted(limit, 1, 0)).toBe(1)
    for (let now = 1; now < 100; now++) expect(admitted(limit, 10, now)).toBe(0)
    expect(admitted(limit, 1, 100)).toBe(1)
  })

  it('L05 lets a caller in when it said that it would, and not before', () => {
    const { settle, clock } = world({ rateLimit: { limit: 3, per: '10s', burst: 1 } })
    settle({}, 0)
    const refusal = settle({}, 0)
    if (refusal.is !== 'rejected') throw new Error('not refused')
    expect(refusal.retryAfterMs).toBeCloseTo(10_000 / 3, 6)
    clock.advance(Math.floor(refusal.retryAfterMs))
    expect(settle({}, 0)).toMatchObject({ is: 'rejected' })
    clock.advance(1)
    expect(settle({}, 0)).toMatchObject({ is: 'answered' })
  })

  it('L07 a period of thirty days is thirty days', () => {
    const month = 30 * 24 * 3_600_000
    const limit = bucket(1, month, 1)
    expect([0, 1, month / 2, month - 1000, month].map((now) => limit.tryEnter(now))).toEqual([true, false, false, false, true])
  })

  it('L08 an idle hour saves up one burst and no more', () => {
    const limit = bucket(10, 1000, 5)
    admitted(limit, 5, 0)
    expect(admitted(limit, 100, 3_600_000)).toBe(5)
  })

  it('is exact over a day, on a clock that has run for years', () => {
    const start = 3 * 365 * 24 * 3_600_000
    const pacer = new TokenBucket({ limit: 1000, per: 1000, burst: 1 })
    let now = start
    for (let turn = 0; turn < 100_000; turn++) {
      now += pacer.delay(0, now)
      expect(pacer.delay(0, now)).toBe(0)
      pacer.take(now)
    }
    expect(Math.abs(now - start - 99_999)).toBeLessThan(1)
  })

  it('queues in order, and refuses at once what could not come in time', () => {
    const settings = { rateLimit: { limit: 1, per: 100, queue: 9 }, timeout: { total: 250 } }
    const { call, clock, hits } = world(settings)
    const calls = Array.from({ length: 4 }, () => call())
    expect(calls[3]?.result).toMatchObject({ is: 'rejected', reason: 'rate_limited', retryAfterMs: 300 })
    clock.advance(1000)
    expect(hits.map(({ call: index, at }) => [index, at])).toEqual([
      [0, 0],
      [1, 100],
      [2, 200],
    ])
  })

  it('refuses what finds the queue full', () => {
    const { call } = world({ rateLimit: { limit: 1, per: 100, queue: 1 } })
    expect([call(), call(), call()].map(({ result }) => result?.is)).toEqual([undefined, undefined, 'rejected'])
  })
})

describe('a minimum interval', () => {
  const settings = { rateLimit: { kind: 'minimum_interval', interval: 100, queue: 10 } } as const

  it('L06 starts are an interval apart', () => {
    const { call, clock, hits } = world(settings)
    for (let turn = 0; turn < 3; turn++) call()
    clock.advance(1000)
    expect(hits.map(({ at }) => at)).toEqual([0, 100, 200])
    call()
    clock.advance(1)
    call()
    clock.advance(1000)
    expect(hits.slice(3).map(({ at }) => at)).toEqual([1000, 1100])
  })

  it('L06 those behind a waiter that leaves move up', () => {
    const { call, clock, hits } = world(settings)
    const [, second] = [call(), call(), call(), call()]
    clock.advance(50)
    second.abort()
    clock.advance(1000)
    expect(hits.map(({ call: index, at }) => [index, at])).toEqual([
      [0, 0],
      [2, 100],
      [3, 200],
    ])
  })

  it('is kept by retries, too', () => {
    const { call, clock, hits } = world({ ...settings, retry: { attempts: 3, base: 10, jitter: 'none' } }, () => ({ status: 503 }))
    call()
    clock.advance(1000)
    expect(hits.map(({ at }) => at)).toEqual([0, 100, 200])
  })

  it('frees the bulkhead of one that it refuses, or whose client goes away', () => {
    const { call, stack, clock } = world({ ...settings, rateLimit: { ...settings.rateLimit, queue: 1 }, bulkhead: {}, breaker: {} })
    const calls = [call(), call(), call()]
    expect(calls[2]?.result).toMatchObject({ reason: 'rate_limited' })
    calls[1]!.abort()
    clock.advance(0)
    expect(stack.snapshot()).toMatchObject({
      bulkhead: { inUse: 0 },
      rateLimit: { queued: 0 },
      breaker: { totals: { neutral: 2, success: 1 } },
    })
  })
})

describe('a limit for each key', () => {
  const limit = { kind: 'token_bucket', limit: 1, per: 1000, burst: 1, queue: 0 } as const

  it('keeps keys apart, and says how long to wait', () => {
    const keyed = new KeyedRateLimit(limit)
    expect([keyed.tryEnter('ann', 0), keyed.tryEnter('ann', 400), keyed.tryEnter('bob', 400)]).toEqual([0, 600, 0])
  })

  it('forgets the key that was quiet the longest when there are too many', () => {
    const keyed = new KeyedRateLimit(limit, 2)
    for (const key of ['ann', 'bob', 'ann', 'cyd']) keyed.tryEnter(key, 0)
    expect(keyed.keys).toBe(2)
    expect([keyed.tryEnter('ann', 1), keyed.tryEnter('bob', 1)]).toEqual([999, 0])
  })
})
