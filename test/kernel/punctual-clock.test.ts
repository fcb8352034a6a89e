import { describe, expect, it } from 'vitest'
import type { Clock } from '../../src/kernel/clock.ts'
import { type VirtualClock, virtualClock } from '../../src/kernel/virtual-clock.ts'
import { punctual } from '../../src/kernel/punctual-clock.ts'

/** A turn of the event loop: what watches the time looks at it once. */
const turn = (): Promise<void> => new Promise((next) => setImmediate(next))

/** A clock that counts how often it is looked at. */
function watched(): { clock: VirtualClock; punctually: Clock; looks: () => number } {
  const clock = virtualClock()
  let looks = 0
  const now = (): number => {
    looks++
    return clock.now()
  }
  return { clock, punctually: punctual({ ...clock, now }), looks: () => looks }
}

describe('the punctual clock', () => {
  it('calls back in the first turn that is due, and never before', async () => {
    const { clock, punctually } = watched()
    let called = 0
    punctually.after(10, () => called++)
    for (const step of [9.2, 0.5, 0.25]) {
      clock.advance(step)
      await turn()
      expect(called).toBe(0)
    }
    clock.advance(0.06)
    await turn()
    expect(called).toBe(1)
    await turn()
    expect(called).toBe(1)
  })

  it('watches the time only in the last millisecond before something is due', async () => {
    const { clock, punctually, looks } = watched()
    const looksIn = async (turns: number): Promise<number> => {
      const before = looks()
      for (let count = 0; count < turns; count++) await turn()
      return looks() - before
    }
    punctually.after(10, () => {})
    clock.advance(8)
    expect(await looksIn(5)).toBe(0)
    clock.advance(1.5)
    expect(await looksIn(5)).toBeGreaterThan(3)
    clock.advance(1)
    await turn()
    expect(await looksIn(5)).toBe(0)
  })

  it('forgets what is cancelled: far off, in the last millisecond, and by what fell due with it', async () => {
    const { clock, punctually, looks } = watched()
    const called: string[] = []
    const far = punctually.after(10, () => called.push('far'))
    const near = punctually.after(5, () => called.push('near'))
    clock.advance(4.5)
    near()
    far()
    await turn()
    expect(clock.pending).toBe(0)
    const before = looks()
    await turn()
    expect(looks()).toBe(before)

    punctually.after(5, () => {
      called.push('first')
      second()
    })
    const second = punctually.after(5, () => called.push('second'))
    clock.advance(6)
    await turn()
    await turn()
    expect(called).toEqual(['first'])
  })

  it('calls back in the order of due times, also what is set late and due soon', async () => {
    const { clock, punctually } = watched()
    const called: string[] = []
    punctually.after(0.8, () => called.push('later'))
    punctually.after(0.2, () => called.push('sooner'))
    punctually.after(-5, () => called.push('overdue'))
    clock.advance(1)
    await turn()
    expect(called).toEqual(['overdue', 'sooner', 'later'])
  })

  it('watches for a tenth of the time at most, and leaves the rest to timers', async () => {
    const { clock, punctually } = watched()
    let called = 0
    let watching = 0
    let timers = 0
    const STEPS = 50_000
    const again = (): void => {
      called++
      punctually.after(0.5, again)
    }
    punctually.after(0.5, again)
    for (let step = 0; step < STEPS; step++) {
      if (clock.pending > 0) timers++
      else watching++
      clock.advance(0.1)
      await turn()
    }
    expect(watching / STEPS).toBeLessThan(0.13)
    expect(watching / STEPS).toBeGreaterThan(0.08)
    expect(timers).toBeGreaterThan(0)
    expect(called).toBeGreaterThan(STEPS / 10)
  })
})
