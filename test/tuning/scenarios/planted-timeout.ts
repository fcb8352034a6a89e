// A story whose best timeout of an attempt is known. One answer in five is slow, the others take a fixed time; a call is tried twice:
//
//   fast ├─ 40 ms ─┤                        four of five
//   slow ├─ timeout ─┼─ 10 ms ─┼─ 40 ms ─┤   one of five: p95 of the answers is the timeout and 50 ms
//
// A timeout below 40 ms cuts every answer. One above it makes p95 longer by as much as it is longer, until p95 is at its bound.
import { defineUpstream, errorRate, faults, p95, perSecond, phase, reference, scenario, warmUp } from '../../../src/index.ts'

export const ANSWER_MS = 40
export const BACKOFF_MS = 10
export const BOUND_MS = 300

export const prices = defineUpstream(import.meta, {
  name: 'prices',
  latency: `${ANSWER_MS}ms`,
  routes: { getPrice: { method: 'GET', path: '/prices/1', reply: () => ({ body: { id: 1 } }) } },
})

export default scenario('planted-timeout', {
  story: 'One answer in five is slow. It is given up, and asked for again.',
  upstreams: { prices },
  gateway: reference({
    prices: {
      timeout: { attempt: '200ms' },
      retry: { attempts: 2, backoff: 'constant', base: `${BACKOFF_MS}ms`, jitter: 'none' },
    },
  }),
  load: { rate: perSecond(100), arrivals: 'constant', mix: [prices.getPrice()] },
  phases: () => [warmUp('500ms'), phase('slow', '10s', faults.latency('prices', '2s', { share: 0.2 }))],
  criteria: [p95().during('slow').below(`${BOUND_MS}ms`), errorRate().during('slow').below('20%')],
})
