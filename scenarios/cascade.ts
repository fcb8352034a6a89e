import { criteria, p95, perSecond, phase, scenario, stall, unharmed, warmUp } from '../src/index.ts'
import { gateway, load, upstreams } from './systems/shop.ts'

const { goodputAfter, growth } = criteria

export default scenario('cascade', {
  story:
    'The search takes requests and says nothing. Those who wait for it are few and are told in time, the gateway holds no more sockets or ' +
    'memory than its bulkhead allows, billing notices nothing, and searches are served again as soon as they can be.',
  tags: ['overload', 'network'],
  upstreams,
  gateway,
  load: { ...load, rate: perSecond(150) },
  phases: () => [warmUp('3s'), phase('steady', '12s'), phase('stalled', '12s', stall('opensearch')), phase('recovery', '12s')],
  criteria: ({ gateway: { opensearch } }) => [
    unharmed('billing').comparedWith('steady'),
    p95().of('opensearch').during('stalled').counting('ok', 'shed', 'timeout', 'connection_error', 'client_timeout').below('2s'),
    growth({ from: 'steady', to: 'stalled' }).descriptorsBelow(4 * (opensearch.bulkhead.concurrent + opensearch.bulkhead.queue)),
    growth({ from: 'steady', to: 'recovery' }).memoryBelow('80MB'),
    goodputAfter('stalled').of('opensearch').within('3s').comparedWith('steady', { above: '90%' }),
  ],
})
