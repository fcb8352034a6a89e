import { describe, expect, it } from 'vitest'
import { Aimd } from '../../../src/policies/limits/adaptive/aimd.ts'
import { Gradient } from '../../../src/policies/limits/adaptive/gradient.ts'
import type { LimitRule } from '../../../src/policies/limits/adaptive/limit-rule.ts'
import { world } from '../world.ts'

const aimd = (initial = 20): Aimd => new Aimd({ kind: 'aimd', min: 1, max: 40, backoff: 0.9, slow: 5000 }, initial)
const gradient = (initial = 20): Gradient => new Gradient({ kind: 'gradient', min: 1, max: 100, tolerance: 1.5, smoothing: 0.2 }, initial)
const calm = { startedAt: 0, now: 100, inFlight: 20, dropped: false }

describe('an adaptive limit', () => {
  const rules: [string, () => LimitRule][] = [
    ['aimd', aimd],
    ['gradient', gradient],
  ]
  describe.each(rules)('%s', (_name, rule) => {
    it('A01 does not grow while less than half of it is used', () => {
      const limit = rule()
      for (let turn = 0; turn < 100; turn++) expect(limit.sample({ ...calm, inFlight: 9 })).toBe(20)
    })
    it('grows while it is used and all is well', () => {
      const limit = rule()
      for (let turn = 0; turn < 10; turn++) limit.sample(calm)
      expect(limit.sample(calm)).toBeGreaterThan(24)
    })
    it('A01 a drop takes a tenth', () => {
      expect(rule().sample({ ...calm, dropped: true })).toBe(18)
    })
    it('A01 what began before the last cut is ignored: one burst is one cut', () => {
      const limit = rule()
      for (let turn = 0; turn < 50; turn++) limit.sample({ ...calm, startedAt: 50, dropped: true })
      expect(limit.sample({ ...calm, startedAt: 99 })).toBe(18)
      expect(limit.sample({ startedAt: 100, now: 200, inFlight: 18, dropped: true })).toBeLessThan(18)
    })
    it('stays within its bounds', () => {
      const up = rule()
      const down = rule()
      for (let turn = 0; turn < 2000; turn++) {
        up.sample({ ...calm, inFlight: 1000 })
        down.sample({ startedAt: turn, now: turn, inFlight: 1, dropped: true })
      }
      expect(up.sample(calm)).toBeLessThanOrEqual(100)
      expect(down.sample({ ...calm, inFlight: 0 })).toBe(1)
    })
  })

  it('aimd takes a slow answer for a drop', () => {
    expect(aimd().sample({ ...calm, now: 5001 })).toBe(18)
    expect(aimd().sample({ ...calm, now: 5000 })).toBe(21)
  })

  it('gradient shrinks while answers get slower, and recovers', () => {
    const limit = gradient(50)
    for (let turn = 0; turn < 100; turn++) limit.sample({ startedAt: turn, now: turn + 100, inFlight: 50, dropped: false })
    const before = limit.sample({ startedAt: 200, now: 300, inFlight: 100, dropped: false })
    let during = before
    for (let turn = 0; turn < 20; turn++) during = limit.sample({ startedAt: 300 + turn, now: 1300 + turn, inFlight: 100, dropped: false })
    expect(during).toBeLessThan(before / 2)
    let after = during
    for (let turn = 0; turn < 60; turn++) after = limit.sample({ startedAt: 2000, now: 2100, inFlight: 100, dropped: false })
    expect(after).toBeGreaterThan(during * 2)
  })

  it('moves the bulkhead of its stack', () => {
    const settings = { bulkhead: { concurrent: 10, queue: 50, adaptive: { kind: 'aimd', max: 12 } } } as const
    let status = 200
    const { call, clock, stack } = world(settings, () => ({ after: 10, status }))
    for (let turn = 0; turn < 40; turn++) call()
    clock.advance(1000)
    expect(stack.snapshot().bulkhead).toEqual({ inUse: 0, limit: 12, queued: 0 })
    status = 503
    for (let turn = 0; turn < 12; turn++) call()
    clock.advance(1000)
    expect(stack.snapshot().bulkhead?.limit).toBe(10)
  })
})
