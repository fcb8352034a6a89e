// A story whose best threshold is known. Ten requests in a row fail, and then everything for a while:
//
//   steady │ blip: 10 in a row fail │ outage: everything fails │ recovery
//
// A breaker of up to 10 failures opens in the blip, which it must not. One of more stays closed there, and in the outage lets as many calls
// fail as its threshold says. So 11 is the best, and 10 the cliff.
import { breaker, defineUpstream, errorRate, perSecond, phase, reference, scenario, status, warmUp } from '../../../src/index.ts'

export const orders = defineUpstream(import.meta, {
  name: 'orders',
  latency: '5ms',
  routes: { getOrder: { method: 'GET', path: '/orders/1', reply: () => ({ body: { id: 1 } }) } },
})

/** What the calculation needs: there is one upstream, one route, and a request every 20 ms. */
export const FAILING_IN_A_ROW = 10

export default scenario('planted', {
  story: 'Ten requests in a row fail, and a while later all of them. The breaker opens in the second case alone.',
  upstreams: { orders },
  gateway: reference({ orders: { breaker: { failures: 20, recovery: '1s', recoveryGrowth: 1, recoveryJitter: 0 } } }),
  load: { rate: perSecond(50), arrivals: 'constant', mix: [orders.getOrder()] },
  phases: () => [
    warmUp('500ms'),
    phase('steady', '2s'),
    phase('blip', '1s', status('orders', 503, { first: FAILING_IN_A_ROW })),
    phase('outage', '2500ms', status('orders', 503)),
    phase('recovery', '3s'),
  ],
  criteria: [breaker('orders').staysClosed('steady', 'blip'), errorRate().during('steady').below('5%')],
})
