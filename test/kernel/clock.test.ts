import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { realClock, virtualClock } from '../../src/kernel/clock.ts'

describe('the virtual clock', () => {
  it('runs callbacks in due order, ties in the order they were set', () => {
    const clock = virtualClock()
    const ran: string[] = []
    clock.after(20, () => ran.push('late'))
    clock.after(10, () => ran.push('first of two'))
    clock.after(10, () => ran.push('second of two'))
    clock.after(0, () => ran.push('at once'))
    clock.advance(20)
    expect(ran).toEqual(['at once', 'first of two', 'second of two', 'late'])
  })

  it('shows each callback its own due time', () => {
    const clock = virtualClock(1000)
    const seen: number[] = []
    for (const delay of [30, 7.5, 12]) clock.after(delay, () => seen.push(clock.now()))
    clock.advance(100)
    expect(seen).toEqual([1007.5, 1012, 1030])
    expect(clock.now()).toBe(1100)
  })

  it('runs what a callback sets, when it falls due on the way', () => {
    const clock = virtualClock()
    const seen: number[] = []
    const tick = (): void => {
      seen.push(clock.now())
      clock.after(10, tick)
    }
    clock.after(10, tick)
    clock.advance(35)
    expect(seen).toEqual([10, 20, 30])
    expect(clock.pending).toBe(1)
  })

  it('stands still until told to move, and never runs backwards', () => {
    const clock = virtualClock()
    clock.after(5, () => clock.advance(100))
    expect(clock.now()).toBe(0)
    clock.advance(10)
    expect(clock.now()).toBe(105)
    clock.advance(-50)
    expect(clock.now()).toBe(105)
  })

  it('forgets a cancelled callback, and takes a second or late cancel', () => {
    const clock = virtualClock()
    let ran = 0
    const cancelled = clock.after(5, () => ran++)
    cancelled()
    cancelled()
    const late = clock.after(6, () => ran++)
    clock.advance(10)
    late()
    expect([ran, clock.pending]).toEqual([1, 0])
  })

  it('counts a negative delay as none', () => {
    const clock = virtualClock()
    const seen: number[] = []
    clock.after(-5, () => seen.push(clock.now()))
    clock.advance(0)
    expect(seen).toEqual([0])
  })

  it('lets promise chains run between callbacks when advanced asynchronously', async () => {
    const clock = virtualClock()
    const seen: number[] = []
    const loop = async (): Promise<void> => {
      for (let round = 0; round < 3; round++) {
        await clock.sleep(10)
        seen.push(clock.now())
      }
    }
    const done = loop()
    await clock.advanceAsync(30)
    await done
    expect(seen).toEqual([10, 20, 30])
  })
})

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
