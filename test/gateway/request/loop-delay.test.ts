import { expect, it } from 'vitest'
import { LoopDelay } from '../../../src/gateway/request/loop-delay.ts'
import type { Clock } from '../../../src/kernel/clock.ts'
import { virtualClock } from '../../../src/kernel/virtual-clock.ts'

/** A clock whose callbacks come late: time moves on by `by` before any of them runs. */
function stallable() {
  const clock = virtualClock()
  let shift = 0
  const late: Clock = { ...clock, now: () => clock.now() + shift, after: (delay, fn) => clock.after(delay, fn) }
  return { late, advance: clock.advance, stall: (by: number) => (shift += by) }
}

it('is nothing while timers come in time', () => {
  const { late, advance } = stallable()
  const delay = new LoopDelay(late)
  advance(1000)
  expect(delay.now).toBe(0)
})

it('knows of a stall before the next timer has run, and until the one after it', () => {
  const { late, advance, stall } = stallable()
  const delay = new LoopDelay(late)
  advance(100)
  stall(400)
  expect(delay.now).toBe(350)
  advance(50)
  expect(delay.now).toBe(400)
  advance(50)
  expect(delay.now).toBe(0)
})

it('leaves no timer behind', () => {
  const clock = virtualClock()
  const delay = new LoopDelay(clock)
  clock.advance(120)
  delay.close()
  expect(clock.pending).toBe(0)
})
