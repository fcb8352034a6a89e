import { expect, it } from 'vitest'
import fc from 'fast-check'
import { type AskedOfFaults, decider } from '../../../src/upstreams/answering/fault-decider.ts'
import type { Hits } from '../../../src/faults/hits.ts'
import { probeMark } from '../../../src/faults/probe-mark.ts'
import type { RequestFault } from '../../../src/faults/requests.ts'
import { demo } from '../demo.ts'
import { propertyRuns } from '../../property-runs.ts'

const unavailable: RequestFault = { is: 'status', status: 503 }
const get: AskedOfFaults = { route: demo.routes['greet'], method: 'GET', query: '' }
const visit: AskedOfFaults = { route: demo.routes['visit'], method: 'POST', query: '' }

/** Ordinals, among `count` requests, that a 503 with these conditions hits. */
function hitBy(
  hits: Hits,
  count: number,
  facts: (ordinal: number) => AskedOfFaults = () => get,
  { seed = 1, ids = [] as string[] } = {},
): number[] {
  const decisions = decider(demo, seed)
  decisions.set({ id: 'F1', fault: unavailable, hits })
  return Array.from({ length: count }, (_, ordinal) => decisions.decide(facts(ordinal), ids[ordinal] ?? ''))
    .filter((decision) => decision.plan.status)
    .map((decision) => decision.ordinal)
}

it('hits every request when no condition is given', () => {
  expect(hitBy({}, 3)).toEqual([0, 1, 2])
})

it('hits only the first n after it was set', () => {
  expect(hitBy({ first: 2 }, 5)).toEqual([0, 1])
})

it('hits every n-th after it was set, beginning with the n-th', () => {
  expect(hitBy({ every: 3 }, 9)).toEqual([2, 5, 8])
})

it('lets a retry pass when only first attempts are hit', () => {
  const ids = ['a', 'b', 'a', 'a', 'b']
  expect(hitBy({ attempts: 1 }, 5, () => get, { ids })).toEqual([0, 1])
})

it('counts a request without an id as a first attempt', () => {
  expect(hitBy({ attempts: 1 }, 2)).toEqual([0, 1])
})

it('hits only its routes and methods, and counts only those', () => {
  const facts = (ordinal: number): AskedOfFaults => (ordinal % 2 ? visit : get)
  expect(hitBy({ routes: ['visit'], first: 2 }, 8, facts)).toEqual([1, 3])
  expect(hitBy({ methods: ['GET'] }, 4, facts)).toEqual([0, 2])
})

it('hits only the probe that it is for, and counts only its requests', () => {
  const facts = (ordinal: number): AskedOfFaults => ({ ...get, query: ordinal % 2 ? `v=2&v=${probeMark(1, 'not-found')}` : 'v=2' })
  expect(hitBy({ probe: 'not-found', first: 2 }, 8, facts)).toEqual([1, 3])
  expect(hitBy({ probe: 'fails-once' }, 4, facts)).toEqual([])
  // Of another seed's.
  expect(hitBy({ probe: 'not-found' }, 8, facts, { seed: 2 })).toEqual([])
})

it('passes by a request that no route knows when it is for certain routes', () => {
  expect(hitBy({ routes: ['greet'] }, 2, () => ({ ...get, route: undefined }))).toEqual([])
})

it('demands all conditions together', () => {
  expect(hitBy({ every: 2, first: 6, methods: ['GET'] }, 10)).toEqual([1, 3, 5])
})

it('hits about the share that was asked for', () => {
  expect(hitBy({ share: 0.3 }, 4000).length / 4000).toBeCloseTo(0.3, 1)
  expect(hitBy({ share: 0 }, 100)).toEqual([])
  expect(hitBy({ share: 1 }, 100)).toHaveLength(100)
})

it('decides the same way twice with one seed, and another way with another', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 31 }), fc.double({ min: 0.2, max: 0.8, noNaN: true }), (seed, share) => {
      const once = hitBy({ share }, 200, () => get, { seed })
      expect(hitBy({ share }, 200, () => get, { seed })).toEqual(once)
      expect(hitBy({ share }, 200, () => get, { seed: seed + 1 })).not.toEqual(once)
    }),
    { numRuns: propertyRuns(0.1) },
  )
})

it('decides a request by its ordinal, whatever other faults are set', () => {
  const [alone, crowded] = [decider(demo, 7), decider(demo, 7)]
  alone.set({ id: 'F1', fault: unavailable, hits: { share: 0.5 } })
  crowded.set({ id: 'F2', fault: { is: 'latency', latency: { is: 'uniform', minMs: 0, maxMs: 9 } }, hits: { share: 0.5 } })
  crowded.set({ id: 'F1', fault: unavailable, hits: { share: 0.5 } })
  for (let ordinal = 0; ordinal < 100; ordinal++)
    expect(crowded.decide(get, '').faults.includes('F1')).toBe(alone.decide(get, '').faults.includes('F1'))
})

it('adds latencies up, and adds them to a status', () => {
  const decisions = decider(demo, 1)
  decisions.set({ id: 'F1', fault: { is: 'latency', latency: { is: 'fixed', ms: 10 } }, hits: {} })
  decisions.set({ id: 'F2', fault: { is: 'latency', latency: { is: 'fixed', ms: 5 } }, hits: {} })
  decisions.set({ id: 'F3', fault: unavailable, hits: {} })
  expect(decisions.decide(get, '')).toMatchObject({ faults: ['F1', 'F2', 'F3'], plan: { delayMs: 15, status: { code: 503 } } })
})

it('cuts where the earliest of several cuts is', () => {
  const decisions = decider(demo, 1)
  decisions.set({ id: 'F1', fault: { is: 'truncated', fraction: 0.4 }, hits: {} })
  decisions.set({ id: 'F2', fault: { is: 'disconnect', when: 'mid_body', fraction: 0.9 }, hits: {} })
  expect(decisions.decide(get, '').plan.cut).toEqual({ at: 'mid_body', fraction: 0.4, how: 'end' })
  decisions.set({ id: 'F3', fault: { is: 'disconnect', when: 'before_headers' }, hits: {} })
  expect(decisions.decide(get, '').plan.cut).toMatchObject({ at: 'before_headers', how: 'reset' })
})

it('counts anew when a fault is set again', () => {
  const decisions = decider(demo, 1)
  const set = () => decisions.set({ id: 'F1', fault: unavailable, hits: { first: 1 } })
  const isHit = () => decisions.decide(get, '').faults.length === 1
  set()
  expect([isHit(), isHit()]).toEqual([true, false])
  set()
  expect([isHit(), isHit()]).toEqual([true, false])
})

it('hits nothing once cleared, and says whether there was something to clear', () => {
  const decisions = decider(demo, 1)
  decisions.set({ id: 'F1', fault: unavailable, hits: {} })
  expect([decisions.clear('F1'), decisions.clear('F1')]).toEqual([true, false])
  expect(decisions.decide(get, '').faults).toEqual([])
})

it('counts the attempts of each request id', () => {
  const decisions = decider(demo, 1)
  expect(['a', 'b', 'a', ''].map((id) => decisions.decide(get, id).attempt)).toEqual([1, 1, 2, 0])
})
