// Streams: their head is the proof of life; how long they last says nothing, and that they break off is one failure more.
import { describe, expect, it } from 'vitest'
import type { AttemptEffect } from '../../src/policies/effects.ts'
import type { Reply } from './scripted-attempt.ts'
import { GET, path, POST, type Upstream, world } from './world.ts'

const HOUR = 3_600_000
const stream = (after = HOUR, end: 'complete' | 'broken' | 'timeout' = 'complete', head = 10): Reply => ({
  after: head,
  body: { after, end, stream: true },
})
const recovering = { failures: 2, recovery: 1000, recoveryGrowth: 1, recoveryJitter: 0 }

/** A world whose breaker is open and due to probe; from now on the upstream answers as `reply` says. */
function due(breaker: object, reply: Upstream, more: object = {}) {
  let down = true
  const made = world({ breaker: { ...recovering, ...breaker }, ...more }, (hit, ordinal) => (down ? { status: 503 } : reply(hit, ordinal)))
  while (made.stack.snapshot().breaker?.state === 'closed') made.settle(POST, 0)
  down = false
  made.clock.advance(1000)
  return made
}

describe('a stream', () => {
  it('closes a half-open breaker with its head, and is never lost as a probe', () => {
    const { call, clock, stack, transitions } = due({}, () => stream())
    call()
    clock.advance(9)
    expect(stack.snapshot().breaker?.state).toBe('half_open')
    clock.advance(1)
    expect(stack.snapshot().breaker?.state).toBe('closed')
    clock.advance(2 * HOUR)
    expect(path(transitions)).toBe('closed>open open>half_open half_open>closed')
  })

  it('frees its place among the probes with its head', () => {
    const { call, clock, stack } = due({ successes: 3 }, () => stream())
    for (let turn = 0; turn < 3; turn++) {
      expect(stack.snapshot().breaker?.state).toBe('half_open')
      call()
      clock.advance(10)
    }
    expect(stack.snapshot().breaker).toMatchObject({ state: 'closed', totals: { rejected: 0 } })
  })

  it('that breaks off while others still probe has failed as a probe', () => {
    const { call, clock, transitions } = due({ successes: 3 }, () => stream(50, 'broken'))
    call()
    clock.advance(60)
    expect(path(transitions)).toBe('closed>open open>half_open half_open>open')
    expect(transitions.at(-1)).toMatchObject({ cause: 'probe_failed', at: 1060 })
  })

  it('that breaks off after its probe has closed the breaker changes nothing more', () => {
    const { call, clock, stack, transitions } = due({}, () => stream(50, 'broken'))
    call()
    clock.advance(60)
    expect(path(transitions)).toBe('closed>open open>half_open half_open>closed')
    expect(stack.snapshot().breaker?.failureCount).toBe(0)
  })

  it.each(['broken', 'timeout'] as const)('opens the breaker when so many in a row end %s, whatever their heads were', (end) => {
    const { call, clock, stack } = world({ breaker: { failures: 3 } }, () => stream(100, end))
    for (let turn = 0; turn < 3; turn++) {
      expect(stack.snapshot().breaker?.state).toBe('closed')
      call()
      clock.advance(110)
    }
    expect(stack.snapshot().breaker).toMatchObject({ state: 'open', totals: { admitted: 3, success: 0, failure: 3 } })
  })

  it('opens a breaker of a rate when they all break off, one failure each', () => {
    for (const calls of [undefined, 10]) {
      const breaker = { failureRate: { ratio: 0.9, minimum: 4, within: '1m', ...(calls && { calls }) } }
      const { call, clock, stack } = world({ breaker }, () => stream(100, 'broken'))
      for (let turn = 0; turn < 4; turn++) {
        expect(stack.snapshot().breaker?.state).toBe('closed')
        call()
        clock.advance(110)
      }
      expect(stack.snapshot().breaker?.state).toBe('open')
    }
  })

  it('counts for a rate as soon as its head is there', () => {
    const breaker = { failureRate: { ratio: 0.5, minimum: 10 } }
    const { call, clock, stack } = world({ breaker }, (_hit, ordinal) => (ordinal % 4 === 3 ? { status: 503 } : stream()))
    for (let turn = 0; turn < 40; turn++) {
      call(POST)
      clock.advance(20)
    }
    expect(stack.snapshot().breaker).toMatchObject({ state: 'closed', failureCount: 10 })
  })

  it('that its client leaves is no failure', () => {
    const { call, clock, stack } = world({ breaker: { failures: 1 } }, () => stream())
    const left = call()
    clock.advance(100)
    left.abort()
    expect(stack.snapshot().breaker).toMatchObject({ state: 'closed', totals: { admitted: 1, success: 1, failure: 0 } })
  })

  it('that ends well ends a row of failures; its head alone does not', () => {
    const { call, clock, stack, settle } = world({ breaker: { failures: 3 } }, (_hit, ordinal) =>
      ordinal === 1 ? stream(1000) : { status: 503 },
    )
    settle(POST, 0)
    call(POST)
    clock.advance(10)
    expect(stack.snapshot().breaker?.failureCount).toBe(1)
    clock.advance(1000)
    expect(stack.snapshot().breaker?.failureCount).toBe(0)
  })

  it('is as slow as its head', () => {
    const breaker = { slowRate: { over: 100, ratio: 0.5, minimum: 2 }, failures: 0 }
    const quick = world({ breaker }, () => stream(HOUR, 'complete', 100))
    const slow = world({ breaker }, () => stream(HOUR, 'complete', 101))
    for (const { call, clock } of [quick, slow]) {
      for (let turn = 0; turn < 4; turn++) {
        call(POST)
        clock.advance(200)
      }
    }
    expect([quick.stack.snapshot().breaker?.state, slow.stack.snapshot().breaker?.state]).toEqual(['closed', 'open'])
  })

  it.each(['aimd', 'gradient'] as const)('holds its place to its end, and does not shrink a limit of kind %s by its length', (kind) => {
    const bulkhead = { concurrent: 20, queue: 0, adaptive: { kind, ...(kind === 'aimd' && { slow: '1s' }) } } as const
    const { call, clock, stack } = world({ bulkhead }, (_hit, ordinal) => (ordinal % 2 ? stream(60_000) : { after: 10 }))
    for (let turn = 0; turn < 8; turn++) call()
    clock.advance(1000)
    const { limit, inUse } = stack.snapshot().bulkhead!
    expect(inUse).toBe(4)
    clock.advance(60_000)
    expect(stack.snapshot().bulkhead).toEqual({ limit, inUse: 0, queued: 0 })
    expect(limit).toBeGreaterThanOrEqual(20)
  })

  it('that breaks off is known to the breaker before its place goes to the next', () => {
    const settings = { breaker: { failures: 1 }, bulkhead: { concurrent: 1, queue: 1 } } as const
    const { call, stack } = world(settings)
    const streaming = stack.call(GET)
    const effect = streaming.next().value as AttemptEffect // the first that a pipeline asks for
    streaming.next({ is: 'response', attempt: 1, status: 200, complete: false, stream: true })
    const next = call()
    effect.release()
    expect(next.result).toBeUndefined()
    effect.bodyEnded('broken')
    expect(next.result).toMatchObject({ is: 'rejected', reason: 'circuit_open' })
    expect(stack.snapshot().bulkhead).toMatchObject({ inUse: 0, queued: 0 })
  })

  it('that breaks off shrinks a limit', () => {
    const bulkhead = { concurrent: 20, queue: 0, adaptive: { kind: 'aimd' } } as const
    const { call, clock, stack } = world({ bulkhead }, () => stream(1000, 'broken'))
    call()
    clock.advance(500)
    expect(stack.snapshot().bulkhead?.limit).toBe(20)
    clock.advance(1000)
    expect(stack.snapshot().bulkhead).toMatchObject({ limit: 18, inUse: 0 })
  })

  it('is not hedged once its head is there', () => {
    const { call, clock, hits } = world({ hedge: { after: 50 } }, () => stream(HOUR, 'complete', 40))
    call()
    clock.advance(10_000)
    expect(hits).toHaveLength(1)
  })

  it('with an error for a head is a failure at once, and is repeated', () => {
    const reply = (_hit: unknown, ordinal: number): Reply => (ordinal === 0 ? { ...stream(), status: 503 } : stream())
    const { call, clock, stack } = world({ breaker: { failures: 5 }, retry: { base: 10, jitter: 'none' } }, reply)
    const asked = call()
    clock.advance(100)
    expect(asked.result).toMatchObject({ is: 'answered', attempts: 2, outcome: { stream: true } })
    expect(stack.snapshot().breaker).toMatchObject({ totals: { admitted: 2, failure: 1 } })
  })

  it('counts for its whole call where calls are counted', () => {
    const { call, clock, stack } = due({ counts: 'calls' }, () => stream())
    call()
    clock.advance(10)
    expect(stack.snapshot().breaker?.state).toBe('closed')
  })
})
