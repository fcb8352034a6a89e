import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { realClock } from '../../src/kernel/clock.ts'
import { virtualClock } from '../../src/kernel/virtual-clock.ts'

describe('sleep', () => {
  it('rejects with the reason when aborted, and leaves no timer', async () => {
    const clock = virtualClock()
    const stop = new AbortController()
    const sleeping = clock.sleep(1000, stop.signal)
    stop.abort(new Error('enough'))
    await expect(sleeping).rejects.toThrow('enough')
    expect(clock.pending).toBe(0)
  })

  it('rejects at once on a signal that was aborted before', async () => {
    const clock = virtualClock()
    await expect(clock.sleep(1000, AbortSignal.abort(new Error('too late')))).rejects.toThrow('too late')
    expect(clock.pending).toBe(0)
  })

  it('no longer listens to the signal once it is over', async () => {
    const clock = virtualClock()
    const { signal } = new AbortController()
    const removed = vi.spyOn(signal, 'removeEventListener')
    const sleeping = clock.sleep(1, signal)
    await clock.advanceAsync(1)
    await sleeping
    expect(removed).toHaveBeenCalledOnce()
  })
})

// The real clock against a scripted event loop: how it uses setTimeout is the point here.
describe('the real clock', () => {
  beforeEach(() => vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }))
  afterEach(() => vi.useRealTimers())

  it('waits out spans that are longer than a timer of Node can be', () => {
    const month = 30 * 86_400_000
    expect(month).toBeGreaterThan(2 ** 31)
    let ran = 0
    realClock.after(month, () => ran++)
    vi.advanceTimersByTime(month - 1)
    expect(ran).toBe(0)
    vi.advanceTimersByTime(1)
    expect(ran).toBe(1)
  })

  it('can be cancelled after its first step', () => {
    let ran = 0
    const cancel = realClock.after(2 ** 31 + 1000, () => ran++)
    vi.advanceTimersByTime(2 ** 31)
    cancel()
    vi.advanceTimersByTime(10_000)
    expect([ran, vi.getTimerCount()]).toEqual([0, 0])
  })

  it('is never early, although the timers of Node drop fractions', () => {
    const due = realClock.now() + 10.7
    let at = 0
    realClock.after(10.7, () => (at = realClock.now()))
    vi.advanceTimersByTime(10)
    expect(at).toBe(0)
    vi.advanceTimersByTime(2)
    expect(at).toBeGreaterThanOrEqual(due)
  })
})

it('reads the monotonic axis that all processes of this machine share', () => {
  const [seconds, nanos] = process.hrtime()
  expect(Math.abs(realClock.now() - (seconds * 1000 + nanos / 1e6))).toBeLessThan(50)
})
