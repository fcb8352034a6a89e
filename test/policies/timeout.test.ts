import { describe, expect, it } from 'vitest'
import { world } from './world.ts'

const HANG = { after: Number.POSITIVE_INFINITY }
const breaker = { failures: 3, recovery: 1000, recoveryGrowth: 1, recoveryJitter: 0 }

describe('timeouts', () => {
  it('T01 a hanging attempt ends at its timeout', () => {
    const { call, clock } = world({ timeout: { attempt: 200 } }, () => HANG)
    const driven = call()
    clock.advance(10_000)
    expect(driven).toMatchObject({ endedAt: 200, result: { is: 'failed', outcome: { is: 'timeout', attempt: 1 } } })
  })

  it('an attempt never outlasts its call', () => {
    const { call, clock } = world({ timeout: { attempt: 2000, total: 300 } }, () => HANG)
    const driven = call()
    clock.advance(10_000)
    expect(driven.endedAt).toBe(300)
  })

  it('T02 one that times out leaves its neighbours alone', () => {
    const { call, clock } = world({ timeout: { attempt: 50 } }, ({ call: index }) => (index === 0 ? HANG : { after: 40 }))
    const slow = call()
    clock.advance(30)
    const quick = call()
    clock.advance(60)
    expect(slow.result).toMatchObject({ is: 'failed' })
    expect(quick.result).toMatchObject({ is: 'answered' })
  })

  it('T03 the call after a timeout reaches the upstream', () => {
    const { settle, hits } = world({ timeout: { attempt: 50 } }, (_hit, ordinal) => (ordinal === 0 ? HANG : {}))
    settle()
    expect(settle()).toMatchObject({ is: 'answered' })
    expect(hits.length).toBe(2)
  })

  it('T06 a body that stalls after its headers is a failure', () => {
    const { settle, stack } = world({ breaker }, () => ({ body: { after: 500, end: 'timeout' } }))
    expect(settle({}, 499)).toMatchObject({ is: 'answered' })
    expect(stack.snapshot().breaker).toMatchObject({ failureCount: 0, totals: { success: 0 } })
    settle({}, 500)
    expect(stack.snapshot().breaker).toMatchObject({ failureCount: 2, totals: { success: 0, failure: 2 } })
  })

  it('a body that the client did not wait for is neutral, one that ended is what its headers said', () => {
    const { stack } = world({ breaker })
    for (const end of ['aborted', 'complete'] as const) {
      const call = stack.call({ method: 'GET', idempotent: true, replayable: true })
      call.next()
      const { value } = call.next({ is: 'response', attempt: 1, status: 200, complete: false })
      if (!value || !('attempt' in value)) throw new Error('not answered')
      value.attempt.bodyEnded(end)
      value.attempt.bodyEnded('broken')
    }
    expect(stack.snapshot().breaker?.totals).toEqual({ admitted: 2, rejected: 0, success: 1, failure: 0, neutral: 1, late: 0 })
  })

  it('T07 a call that is never begun takes nothing', () => {
    const { stack } = world({ breaker, bulkhead: {}, retry: {}, rateLimit: { limit: 1 } })
    const before = stack.snapshot()
    stack.call({ method: 'GET', idempotent: true, replayable: true })
    expect(stack.snapshot()).toEqual(before)
  })

  it('T08 what an attempt does after its timeout changes no state', () => {
    const { stack } = world({ breaker, bulkhead: { concurrent: 1 } })
    const call = stack.call({ method: 'GET', idempotent: true, replayable: true })
    const { value: effect } = call.next()
    if (!effect || !('do' in effect) || effect.do !== 'attempt') throw new Error('no attempt')
    call.next({ is: 'timeout', attempt: 1 })
    const settled = stack.snapshot()
    expect(settled).toMatchObject({ breaker: { failureCount: 1 }, bulkhead: { inUse: 1 } })
    effect.bodyEnded('complete')
    expect(stack.snapshot()).toEqual(settled)
    effect.release()
    effect.release()
    expect(stack.snapshot().bulkhead?.inUse).toBe(0)
  })

  it('T09 the client going away is neutral and frees the slot', () => {
    const { call, stack, clock } = world({ breaker, bulkhead: { concurrent: 1 } }, () => HANG)
    const driven = call()
    clock.advance(10)
    driven.abort()
    expect(stack.snapshot()).toMatchObject({ breaker: { failureCount: 0, totals: { neutral: 1 } }, bulkhead: { inUse: 0 } })
  })

  it('T10 the result says how long its body may still take', () => {
    const { clock, settle } = world({ timeout: { attempt: 100, total: 700 } }, () => ({ after: 50, body: { after: 10, end: 'complete' } }))
    clock.advance(1000)
    expect(settle({}, 100)).toMatchObject({ is: 'answered', deadline: 1700 })
  })
})
