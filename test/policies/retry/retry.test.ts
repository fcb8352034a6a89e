import { describe, expect, it } from 'vitest'
import type { CallRequest } from '../../../src/policies/effects.ts'
import type { UpstreamPoliciesInput } from '../../../src/policies/settings.ts'
import type { Reply } from '../scripted-attempt.ts'
import { POST, type Upstream, world, type World } from '../world.ts'

type RetryInput = NonNullable<UpstreamPoliciesInput['retry']>

const PLAIN: RetryInput = { attempts: 3, base: 100, jitter: 'none', budget: 'none' }
const DAY = Date.parse('2026-03-01T12:00:00Z')

function retrying(retry: RetryInput, upstream: Upstream = () => ({ status: 503 }), more: UpstreamPoliciesInput = {}, seed = 7): World {
  const timeout = { attempt: 10_000, total: 600_000, ...more.timeout }
  return world({ ...more, timeout, retry: { ...PLAIN, ...retry } }, upstream, { seed, wallNow: () => new Date(DAY) })
}

const gaps = ({ hits }: World): number[] => hits.slice(1).map(({ at }, index) => at - hits[index]!.at)

describe('attempts', () => {
  it('R01 three attempts are three hits, and the last answer is the result', () => {
    const { settle, hits } = retrying({}, (_hit, ordinal) => ({ status: 500 + ordinal * 2 }))
    expect(settle()).toMatchObject({ is: 'failed', attempts: 3, outcome: { status: 504, attempt: 3 }, why: 'attempts_exhausted' })
    expect(hits.map(({ attempt }) => attempt)).toEqual([1, 2, 3])
  })

  it('one attempt is no retry', () => {
    const { settle, hits } = retrying({ attempts: 1 })
    expect(settle()).toMatchObject({ is: 'failed', attempts: 1 })
    expect(hits.length).toBe(1)
  })

  it('ends with the first good answer', () => {
    const { settle } = retrying({}, (_hit, ordinal) => ({ status: ordinal === 0 ? 503 : 200 }))
    expect(settle()).toMatchObject({ is: 'answered', attempts: 2, outcome: { status: 200 } })
  })

  const curves: [string, RetryInput, number[]][] = [
    ['R02 exponential delays double up to the cap', { attempts: 7, max: 1000 }, [100, 200, 400, 800, 1000, 1000]],
    ['R03 linear delays grow by the base', { attempts: 4, backoff: 'linear' }, [100, 200, 300]],
    ['R03 constant delays stay', { attempts: 3, backoff: 'constant' }, [100, 100]],
    ['the growth of exponential delays is a setting', { attempts: 4, growth: 3 }, [100, 300, 900]],
  ]
  it.each(curves)('%s', (_name, settings, expected) => {
    const made = retrying(settings)
    made.settle()
    expect(gaps(made)).toEqual(expected)
  })
})

describe('what is retried', () => {
  const once: Reply[] = [400, 401, 403, 404, 409, 422, 501].map((status) => ({ status }))
  const again: Reply[] = [...[408, 429, 500, 502, 503, 504].map((status) => ({ status })), { error: 'reset' }, { error: 'refused' }]
  it.each(once)('R09 %o once', (reply) => {
    const { settle, hits } = retrying({}, () => reply)
    settle()
    expect(hits.length).toBe(1)
  })
  it.each(again)('R09 %o again', (reply) => {
    const { settle, hits } = retrying({}, () => reply)
    settle()
    expect(hits.length).toBe(3)
  })

  const KEYED: CallRequest = { ...POST, idempotent: true }
  const PUT: CallRequest = { method: 'PUT', idempotent: true, replayable: true }
  const failures: Reply[] = [{ status: 503 }, { after: Number.POSITIVE_INFINITY }, { error: 'reset' }]
  it.each(failures)('R06 a POST that met %o is sent once', (reply) => {
    const { settle, hits } = retrying({}, () => reply)
    expect(settle(POST)).toMatchObject({ is: 'failed', why: 'not_repeatable' })
    expect(hits.length).toBe(1)
  })
  it.each(failures)('R06 an idempotent request that met %o is sent again', (reply) => {
    for (const request of [KEYED, PUT]) {
      const { settle, hits } = retrying({}, () => reply)
      settle(request)
      expect(hits.length).toBe(3)
    }
  })

  it('R07 a POST that was never sent is sent again, unless the settings forbid it', () => {
    const refused: Upstream = () => ({ error: 'refused' })
    const allowed = retrying({}, refused)
    allowed.settle(POST)
    expect(allowed.hits.length).toBe(3)
    const forbidden = retrying({ retryUnsent: false }, refused)
    expect(forbidden.settle(POST)).toMatchObject({ why: 'not_repeatable' })
    expect(forbidden.hits.length).toBe(1)
  })

  it('R08 a body that is gone is never sent again', () => {
    for (const reply of [{ status: 503 }, { error: 'refused' }] as const) {
      const { settle, hits } = retrying({}, () => reply)
      expect(settle({ ...PUT, replayable: false })).toMatchObject({ why: 'not_repeatable' })
      expect(hits.length).toBe(1)
    }
  })

  it('`on` and `never` are settings; the more particular pattern wins, then `never`', () => {
    const hitsFor = (settings: RetryInput, status: number): number => {
      const { settle, hits } = retrying({ attempts: 2, ...settings }, () => ({ status }))
      settle()
      return hits.length
    }
    expect(hitsFor({ on: ['404'] }, 404)).toBe(2)
    expect(hitsFor({ on: ['404'] }, 503)).toBe(1)
    expect(hitsFor({ on: ['5xx'], never: ['503'] }, 503)).toBe(1)
    expect(hitsFor({ on: ['503'], never: ['5xx'] }, 503)).toBe(2)
    expect(hitsFor({ on: ['503'], never: ['503'] }, 503)).toBe(1)
  })

  it('R28 an attempt timeout is retried, the client going away is not', () => {
    const { call, clock, hits } = retrying({}, () => ({ after: Number.POSITIVE_INFINITY }), { timeout: { attempt: 400 } })
    const driven = call()
    clock.advance(450)
    driven.abort()
    clock.advance(60_000)
    expect(driven.result).toEqual({ is: 'aborted', attempts: 1 })
    expect(hits.length).toBe(1)
    call()
    clock.advance(550)
    expect(hits.length).toBe(3)
  })

  it('R26 once the headers are handed over, a broken body is no reason for another attempt', () => {
    const { settle, hits, stack } = retrying({}, () => ({ body: { after: 50, end: 'broken' } }), { breaker: {} })
    expect(settle()).toMatchObject({ is: 'answered', attempts: 1, outcome: { complete: false } })
    expect(hits.length).toBe(1)
    expect(stack.snapshot().breaker).toMatchObject({ failureCount: 1, totals: { success: 0 } })
  })
})

describe('Retry-After', () => {
  const after = (retryAfter: string, settings: RetryInput = {}, more: UpstreamPoliciesInput = {}): World => {
    const made = retrying({ attempts: 2, ...settings }, () => ({ status: 503, retryAfter }), more)
    made.settle()
    return made
  }

  it('R10 is the shortest delay, with jitter on top', () => {
    for (let seed = 0; seed < 50; seed++) {
      const made = retrying({ attempts: 2 }, () => ({ status: 429, retryAfter: '2' }), {}, seed)
      made.settle()
      expect(gaps(made)[0]).toBeGreaterThanOrEqual(2000)
      expect(gaps(made)[0]).toBeLessThanOrEqual(3000)
    }
  })

  it('R11 may be a date; one that has passed is ignored', () => {
    const [delay] = gaps(after(new Date(DAY + 2000).toUTCString()))
    expect(delay).toBeGreaterThanOrEqual(2000)
    expect(delay).toBeLessThanOrEqual(3000)
    expect(gaps(after(new Date(DAY - 5000).toUTCString()))).toEqual([100])
  })

  it('R11 may be a date in the obsolete forms', () => {
    expect(gaps(after('Sunday, 01-Mar-26 12:00:02 GMT'))[0]).toBeGreaterThanOrEqual(2000)
    expect(gaps(after('Sun Mar  1 12:00:02 2026 GMT'))[0]).toBeGreaterThanOrEqual(2000)
  })

  it.each(['-5', 'abc', '', '1e309', '2, 3', '2.5', '0x10', '2026-03-01'])('R12 %o is ignored', (header) => {
    expect(gaps(after(header))).toEqual([100])
  })

  it('R13 beyond the deadline ends the call at once', () => {
    const { settle, hits } = retrying({}, () => ({ status: 503, retryAfter: '3600' }), { timeout: { attempt: 1000, total: 5000 } })
    expect(settle({}, 0)).toMatchObject({ is: 'failed', outcome: { status: 503, retryAfter: '3600' } })
    expect(hits.length).toBe(1)
  })

  it('R13 beyond what the settings allow ends the call at once', () => {
    const { settle, hits } = retrying({ maxRetryAfter: '30s' }, () => ({ status: 503, retryAfter: '31' }))
    expect(settle({}, 0)).toMatchObject({ is: 'failed', why: 'retry_after_too_long' })
    expect(hits.length).toBe(1)
  })

  it('R14 of nothing retries at once, and is paid for all the same', () => {
    const { settle, hits } = retrying({ attempts: 2, budget: { ratio: 0, floor: 1 } }, () => ({ status: 503, retryAfter: '0' }))
    settle({}, 0)
    expect(hits.map(({ at }) => at)).toEqual([0, 0])
    expect(settle({}, 0)).toMatchObject({ attempts: 1, why: 'retry_budget' })
  })

  it('R29 is ignored when switched off', () => {
    expect(gaps(after('2', { retryAfter: false }))).toEqual([100])
  })
})

describe('the end of trying', () => {
  it('R15 the client going away during backoff ends the call then, with no further hit', () => {
    const { call, clock, hits } = retrying({ base: 200 })
    const driven = call()
    clock.advance(50)
    driven.abort()
    clock.advance(60_000)
    expect(driven).toMatchObject({ endedAt: 50, result: { is: 'aborted', attempts: 1 } })
    expect(hits.length).toBe(1)
    expect(clock.pending).toBe(0)
  })

  it('R16 the total covers attempts and backoff', () => {
    const { call, clock, hits } = retrying({ backoff: 'constant', base: 300, attempts: 9 }, () => ({ after: Number.POSITIVE_INFINITY }), {
      timeout: { attempt: 400, total: 1000 },
    })
    const driven = call()
    clock.advance(5000)
    expect(hits.map(({ at }) => at)).toEqual([0, 700])
    expect(driven).toMatchObject({ endedAt: 1000, result: { is: 'failed', outcome: { is: 'timeout' }, why: 'deadline' } })
  })

  it('R17 a delay that the deadline would cut short is not begun', () => {
    const { call, clock } = retrying({ base: 300 }, () => ({ status: 503, after: 900 }), { timeout: { attempt: 950, total: 1000 } })
    const driven = call()
    clock.advance(5000)
    expect(driven).toMatchObject({ endedAt: 900, result: { is: 'failed', why: 'deadline', outcome: { status: 503 } } })
  })

  it('R18 the breaker opening ends the call at once', () => {
    const { call, hits, clock } = retrying({ attempts: 5 }, () => ({ status: 503 }), { breaker: { failures: 2 } })
    const driven = call()
    clock.advance(100)
    expect(driven).toMatchObject({ endedAt: 100, result: { is: 'failed', attempts: 2, why: 'circuit_open', outcome: { status: 503 } } })
    clock.advance(60_000)
    expect(hits.length).toBe(2)
  })

  it('R19 each attempt counts for the breaker', () => {
    const { settle, stack, transitions } = retrying({}, () => ({ status: 503 }), { breaker: { failures: 3, recovery: '10m' } })
    settle()
    expect(stack.snapshot().breaker?.state).toBe('open')
    expect(transitions).toMatchObject([{ failures: 3 }])
  })

  it('R19 or each call, where the settings say so', () => {
    const { settle, stack } = retrying({}, () => ({ status: 503 }), { breaker: { failures: 3, recovery: '10m', counts: 'calls' } })
    for (let turn = 1; turn <= 2; turn++) {
      settle()
      expect(stack.snapshot().breaker).toMatchObject({ state: 'closed', failureCount: turn, totals: { admitted: turn } })
    }
    settle()
    expect(stack.snapshot().breaker?.state).toBe('open')
  })

  it('a call that succeeds in the end is a success where calls are counted', () => {
    const { settle, stack } = retrying({}, (_hit, ordinal) => ({ status: ordinal % 3 < 2 ? 503 : 200 }), {
      breaker: { failures: 1, counts: 'calls' },
    })
    settle()
    expect(stack.snapshot().breaker).toMatchObject({ state: 'closed', totals: { admitted: 1, success: 1, failure: 0 } })
  })

  it('a call that was aborted or refused after a failure gives its permit back where calls are counted', () => {
    const breaker = { failures: 1, counts: 'calls' } as const
    const aborted = retrying({}, () => ({ status: 503 }), { breaker })
    const driven = aborted.call()
    driven.abort()
    expect(aborted.stack.snapshot().breaker?.totals).toMatchObject({ admitted: 1, neutral: 1, failure: 0 })
    const refused = retrying({}, () => ({ status: 503 }), { breaker, rateLimit: { limit: 1, per: '1h' } })
    expect(refused.settle()).toMatchObject({ is: 'rejected', reason: 'rate_limited', attempts: 1, last: { status: 503 } })
    expect(refused.stack.snapshot().breaker?.totals).toMatchObject({ admitted: 1, failure: 1 })
  })

  it('R20 refusals of our own are not retried', () => {
    const full = retrying({}, () => ({ after: 1000 }), { bulkhead: { concurrent: 1 } })
    full.call()
    expect(full.call().result).toMatchObject({ is: 'rejected', reason: 'bulkhead_full', attempts: 0 })
    const limited = retrying({}, () => ({}), { rateLimit: { limit: 1, per: '1h' } })
    limited.settle()
    expect(limited.call().result).toMatchObject({ is: 'rejected', reason: 'rate_limited', attempts: 0, retryAfterMs: 3_600_000 - 60_000 })
    const open = retrying({ attempts: 1 }, () => ({ status: 503 }), { breaker: { failures: 1, recovery: '10m', recoveryJitter: 0 } })
    open.settle()
    expect(open.call().result).toMatchObject({ is: 'rejected', reason: 'circuit_open', attempts: 0, retryAfterMs: 540_000 })
  })

  it('R30 callers that failed together come back apart', () => {
    const { call, clock, hits } = retrying({ jitter: 'full', attempts: 2 })
    for (let turn = 0; turn < 50; turn++) call()
    clock.advance(1000)
    const bins = new Map<number, number>()
    for (const { at, attempt } of hits) if (attempt === 2) bins.set(Math.floor(at / 10), (bins.get(Math.floor(at / 10)) ?? 0) + 1)
    expect([...bins.values()].reduce((sum, count) => sum + count, 0)).toBe(50)
    expect(Math.max(...bins.values())).toBeLessThanOrEqual(12)
  })
})
