import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { EventQueue } from '../../src/simulation/event-queue.ts'

it('lets things happen in order of time, and those of one time in the order in which they were planned', () => {
  const plans = fc.array(fc.integer({ min: 0, max: 20 }), { minLength: 1, maxLength: 200 })
  fc.assert(
    fc.property(plans, (dues) => {
      const queue = new EventQueue(0)
      const happened: { t: number; what: number }[] = []
      for (const [what, due] of dues.entries())
        queue.at(due, { happen: (each) => void happened.push({ t: queue.now(), what: each }) }, what)
      while (queue.next !== Number.POSITIVE_INFINITY) queue.step()
      const expected = dues.map((t, what) => ({ t, what })).toSorted((a, b) => a.t - b.t || a.what - b.what)
      expect(happened).toEqual(expected)
    }),
  )
})

it('keeps that order for what is planned while other things happen', () => {
  const delays = fc.array(fc.integer({ min: 0, max: 5 }), { minLength: 1, maxLength: 400 })
  fc.assert(
    fc.property(delays, (each) => {
      const queue = new EventQueue(0)
      const planned: { t: number; what: number }[] = []
      const happened: { t: number; what: number }[] = []
      let next = 0
      const plan = (): void => {
        if (next === each.length) return
        planned.push({ t: queue.now() + each[next]!, what: next })
        queue.at(queue.now() + each[next]!, actor, next++)
      }
      const actor = {
        happen(what: number): void {
          happened.push({ t: queue.now(), what })
          for (let more = 0; more < 2; more++) plan()
        },
      }
      plan()
      while (queue.next !== Number.POSITIVE_INFINITY) queue.step()
      expect(happened).toEqual(planned.toSorted((a, b) => a.t - b.t || a.what - b.what))
    }),
  )
})

it('keeps that order for more than it had room for at first, sooner and later ones, again and again', () => {
  const queue = new EventQueue(0)
  const happened: { t: number; what: number }[] = []
  const planned: { t: number; what: number }[] = []
  const actor = { happen: (what: number) => void happened.push({ t: queue.now(), what }) }
  const plan = (t: number): void => {
    planned.push({ t, what: planned.length })
    queue.at(t, actor, planned.length - 1)
  }
  for (const start of [0, 2000, 4000]) {
    for (let each = 0; each < 1000; each++) plan(start + 1000 + ((each * 7919) % 900))
    for (let each = 0; each < 1000; each++) plan(start + 1000 - each)
    while (queue.next < start + 1500) queue.step()
  }
  while (queue.next !== Number.POSITIVE_INFINITY) queue.step()
  expect(happened).toEqual(planned.toSorted((a, b) => a.t - b.t || a.what - b.what))
})

it('lets what is planned for the past happen now', () => {
  const queue = new EventQueue(100)
  const at: number[] = []
  queue.at(50, { happen: () => void at.push(queue.now()) }, 0)
  queue.step()
  expect(at).toEqual([100])
})

it('calls back after a delay, unless that was cancelled', () => {
  const queue = new EventQueue(0)
  const called: string[] = []
  const cancel = queue.after(5, () => called.push('cancelled'))
  queue.after(10, () => called.push(`at ${queue.now()}`))
  cancel()
  while (queue.next !== Number.POSITIVE_INFINITY) queue.step()
  cancel()
  expect(called).toEqual(['at 10'])
})
