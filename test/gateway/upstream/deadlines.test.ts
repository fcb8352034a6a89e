import fc from 'fast-check'
import { expect, it } from 'vitest'
import { Deadlines, type Expiring } from '../../../src/gateway/upstream/deadlines.ts'
import { virtualClock } from '../../../src/kernel/virtual-clock.ts'
import { propertyRuns } from '../../property-runs.ts'

function expiring(onExpire: () => void): Expiring {
  return { deadline: undefined, expire: onExpire }
}

it('expires each timeout once, at its own time', () => {
  const clock = virtualClock()
  const deadlines = new Deadlines(clock)
  const expired: string[] = []
  deadlines.set(
    expiring(() => expired.push(`a@${clock.now()}`)),
    100,
  )
  clock.advance(30)
  deadlines.set(
    expiring(() => expired.push(`b@${clock.now()}`)),
    100,
  )
  deadlines.set(
    expiring(() => expired.push(`c@${clock.now()}`)),
    50,
  )
  clock.advance(1000)
  expect(expired).toEqual(['c@80', 'a@100', 'b@130'])
  expect(deadlines.waiting).toBe(0)
})

it('forgets a lifted timeout and starts a repeated one anew', () => {
  const clock = virtualClock()
  const deadlines = new Deadlines(clock)
  const expired: string[] = []
  const lifted = expiring(() => expired.push('lifted'))
  const repeated = expiring(() => expired.push(`repeated@${clock.now()}`))
  deadlines.set(lifted, 100)
  deadlines.set(repeated, 100)
  clock.advance(60)
  deadlines.lift(lifted)
  deadlines.lift(lifted)
  deadlines.set(repeated, 100)
  clock.advance(1000)
  expect(expired).toEqual(['repeated@160'])
})

it('uses one timer for any number of timeouts of one span', () => {
  const clock = virtualClock()
  const deadlines = new Deadlines(clock)
  for (let count = 0; count < 1000; count++) {
    const entry = expiring(() => {})
    deadlines.set(entry, 2000)
    clock.advance(1)
    deadlines.lift(entry)
  }
  expect(clock.pending).toBe(1)
})

it('keeps few idle timers however many different spans were used', () => {
  const clock = virtualClock()
  const deadlines = new Deadlines(clock)
  for (let span = 1; span <= 500; span++) {
    const entry = expiring(() => {})
    deadlines.set(entry, span)
    deadlines.lift(entry)
  }
  expect(clock.pending).toBeLessThanOrEqual(16)
})

it('keeps no timer for a span that nobody used for as long as itself', () => {
  const clock = virtualClock()
  const deadlines = new Deadlines(clock)
  const cancel = deadlines.after(100, () => {})
  cancel()
  clock.advance(99)
  expect(clock.pending).toBe(1)
  clock.advance(1)
  expect(clock.pending).toBe(0)
})

it('calls back after a span, once, unless that was cancelled', () => {
  const clock = virtualClock()
  const deadlines = new Deadlines(clock)
  const calls: string[] = []
  const first = deadlines.after(100, () => calls.push(`first@${clock.now()}`))
  const second = deadlines.after(100, () => calls.push('second'))
  clock.advance(50)
  second()
  clock.advance(1000)
  first()
  expect(calls).toEqual(['first@100'])
  expect(deadlines.waiting).toBe(0)
})

it('expires the others in time when an owner sets itself anew, among many spans', () => {
  const clock = virtualClock()
  const deadlines = new Deadlines(clock)
  for (let span = 1000; span < 1020; span++)
    deadlines.set(
      expiring(() => {}),
      span,
    )
  const expired: number[] = []
  const again: Expiring = expiring(() => {
    expired.push(clock.now())
    if (expired.length < 3) deadlines.set(again, 10)
  })
  deadlines.set(again, 10)
  clock.advance(15)
  const other = deadlines.after(10, () => expired.push(-clock.now()))
  clock.advance(2000)
  other()
  expect(expired).toEqual([10, 20, -25, 30])
  expect([deadlines.waiting, clock.pending]).toEqual([0, 0])
})

it('expires nothing after it was closed', () => {
  const clock = virtualClock()
  const deadlines = new Deadlines(clock)
  let expired = 0
  deadlines.set(
    expiring(() => expired++),
    10,
  )
  deadlines.close()
  clock.advance(100)
  expect(expired).toBe(0)
  expect(clock.pending).toBe(0)
})

it('agrees with one timer per timeout for any sequence of setting, lifting and waiting', () => {
  const step = fc.oneof(
    fc.record({ do: fc.constant('set' as const), who: fc.nat(7), span: fc.constantFrom(5, 10, 17, 40) }),
    fc.record({ do: fc.constant('lift' as const), who: fc.nat(7) }),
    fc.record({ do: fc.constant('wait' as const), span: fc.nat(20) }),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const clock = virtualClock()
      const deadlines = new Deadlines(clock)
      const expired: string[] = []
      const expected: string[] = []
      const entries = Array.from({ length: 8 }, (_, who) => expiring(() => expired.push(`${who}@${clock.now()}`)))
      const cancels = entries.map(() => () => {})
      for (const each of steps) {
        if (each.do === 'wait') clock.advance(each.span)
        else if (each.do === 'lift') {
          deadlines.lift(entries[each.who]!)
          cancels[each.who]!()
        } else {
          deadlines.set(entries[each.who]!, each.span)
          cancels[each.who]!()
          cancels[each.who] = clock.after(each.span, () => expected.push(`${each.who}@${clock.now()}`))
        }
      }
      clock.advance(100)
      expect(expired.toSorted()).toEqual(expected.toSorted())
      expect(deadlines.waiting).toBe(0)
    }),
    { numRuns: propertyRuns() },
  )
})

it('lets what arrived while the process stood still be read before anything expires', () => {
  const timers: (() => void)[] = []
  let now = 0
  const clock = { now: () => now, after: (_: number, fn: () => void) => (timers.push(fn), () => {}), sleep: () => Promise.resolve() }
  const deadlines = new Deadlines(clock)
  const expired: string[] = []
  const answered = expiring(() => expired.push('answered'))
  deadlines.set(answered, 100)
  deadlines.set(
    expiring(() => expired.push('hanging')),
    100,
  )

  now = 900
  timers.shift()!()
  expect(expired).toEqual([])
  deadlines.lift(answered)
  timers.shift()!()
  expect(expired).toEqual(['hanging'])
})
