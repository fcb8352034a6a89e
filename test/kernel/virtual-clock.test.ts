import { describe, expect, it } from 'vitest'
import { virtualClock } from '../../src/kernel/virtual-clock.ts'

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

it('keeps order among thousands of timers, many of them cancelled', () => {
  const clock = virtualClock()
  const ran: number[] = []
  // A permutation of 0 … 9,999.
  const dues = Array.from({ length: 10_000 }, (_, at) => (at * 7919) % 10_000)
  const cancels = dues.map((due) => clock.after(due, () => ran.push(due)))
  for (const [at, cancel] of cancels.entries()) if (dues[at]! % 3 === 0) cancel()
  const left = dues.filter((due) => due % 3 !== 0)
  expect(clock.pending).toBe(left.length)
  clock.advance(10_000)
  expect(ran).toEqual(left.toSorted((a, b) => a - b))
  expect(clock.pending).toBe(0)
})
