import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { workerPool } from '../../../src/upstreams/answering/worker-pool.ts'

it('works on so many at once, and lets the next ones wait for the first that ends', () => {
  const pool = workerPool({ workers: 2, queue: 10 })
  expect([pool.admit(0, 100), pool.admit(10, 100), pool.admit(20, 100), pool.admit(30, 100)]).toEqual([0, 10, 100, 110])
})

it('refuses what comes to a full queue, and takes more once work has begun', () => {
  const pool = workerPool({ workers: 1, queue: 1 })
  expect([pool.admit(0, 100), pool.admit(1, 100), pool.admit(2, 100)]).toEqual([0, 100, undefined])
  // At 100 the one that waited is worked on, and its place is free.
  expect([pool.admit(100, 100), pool.admit(150, 100)]).toEqual([200, undefined])
})

it('refuses what cannot begin at once when nothing may wait', () => {
  const pool = workerPool({ workers: 1, queue: 0 })
  expect([pool.admit(0, 100), pool.admit(99, 100), pool.admit(100, 100)]).toEqual([0, undefined, 100])
})

describe('for any arrivals', () => {
  const arrivals = fc.array(fc.record({ gap: fc.integer({ min: 0, max: 20 }), busyMs: fc.integer({ min: 1, max: 60 }) }), { maxLength: 60 })
  const capacity = fc.record({ workers: fc.integer({ min: 1, max: 4 }), queue: fc.integer({ min: 0, max: 4 }) })

  it('never works on more than the workers, never lets more wait than the queue, and refuses only when both are full', () => {
    fc.assert(
      fc.property(capacity, arrivals, ({ workers, queue }, list) => {
        const pool = workerPool({ workers, queue })
        let now = 0
        const admitted: { begins: number; ends: number }[] = []
        const places = list.map(({ gap, busyMs }) => {
          now += gap
          const busy = admitted.filter(({ begins, ends }) => begins <= now && ends > now).length
          const waiting = admitted.filter(({ begins }) => begins > now).length
          const begins = pool.admit(now, busyMs)
          if (begins !== undefined) admitted.push({ begins, ends: begins + busyMs })
          const right = busy < workers ? begins === now : waiting < queue ? begins !== undefined && begins > now : begins === undefined
          return right ? 'right' : { now, busy, waiting, begins }
        })
        expect(places).toEqual(places.map(() => 'right'))
        const begun = admitted.map(({ begins }) => begins)
        expect(begun).toEqual(begun.toSorted((a, b) => a - b))
        const atOnce = begun.map((at) => admitted.filter(({ begins, ends }) => begins <= at && ends > at).length)
        expect(Math.max(0, ...atOnce)).toBeLessThanOrEqual(workers)
      }),
    )
  })
})
