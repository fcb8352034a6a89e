import { expect, it } from 'vitest'
import type { RequestFault } from '../../../src/faults/requests.ts'
import { responder } from '../../../src/upstreams/answering/responder.ts'
import { defineUpstream } from '../../../src/upstreams/define.ts'

const steady = defineUpstream(import.meta, {
  name: 'steady',
  latency: '100ms',
  routes: { get: { method: 'GET', path: '/', reply: () => ({ body: {} }) } },
})

function asked() {
  const { respond, faults } = responder(steady, 1)
  const at = (now: number) => {
    const { delayMs, decision, answer } = respond({ method: 'GET', target: '/', headers: {}, body: Buffer.alloc(0) }, now)
    return { delayMs, faults: decision.faults, status: answer.is === 'sent' ? answer.status : 0 }
  }
  const set = (fault: RequestFault): void => faults.set({ id: 'F1', fault, hits: {} })
  return { at, set, clear: () => faults.clear('F1') }
}

it('lets requests wait for the workers that an overload leaves, refuses what finds no place, and was not at work on the others', () => {
  const { at, set, clear } = asked()
  set({ is: 'overloaded', workers: 1, queue: 1 })
  expect([at(0), at(10), at(20)]).toEqual([
    { delayMs: 100, faults: [], status: 200 },
    { delayMs: 190, faults: ['F1'], status: 200 },
    { delayMs: 0, faults: ['F1'], status: 503 },
  ])
  clear()
  expect(at(30)).toEqual({ delayMs: 100, faults: [], status: 200 })
})

it('begins with free workers when the fault is set again', () => {
  const { at, set } = asked()
  set({ is: 'overloaded', workers: 1, queue: 100 })
  for (let now = 0; now < 50; now += 10) at(now)
  set({ is: 'overloaded', workers: 1, queue: 100 })
  expect(at(60).delayMs).toBe(100)
})

it('gives workers back evenly over the span, beginning with the first request', () => {
  const { at, set } = asked()
  set({ is: 'slow_start', workers: 5, queue: 0, from: 1, over: 1000 })
  // How many of ten requests at one moment find a worker.
  const served = (now: number) => Array.from({ length: 10 }, () => at(now)).filter(({ status }) => status === 200).length
  expect([served(5000), served(5250), served(5500), served(5999), served(6200), served(9000)]).toEqual([1, 2, 3, 4, 5, 5])
})
