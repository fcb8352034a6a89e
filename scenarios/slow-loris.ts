import { billing } from '../fake-upstreams/billing.ts'
import { filesystem } from '../fake-upstreams/filesystem.ts'
import { git } from '../fake-upstreams/git.ts'
import { opensearch } from '../fake-upstreams/opensearch.ts'
import { atRate, criteria, errorRate, goodput, p95, perSecond, phase, reference, scenario, warmUp } from '../src/index.ts'
import { policies } from './systems/shop.ts'

export default scenario('slow-loris', {
  story:
    'Clients open connections by the hundred and send their bodies a byte at a time, or not even the heads of their requests. They are cut off ' +
    'after the time that a body or a head may take; who searches notices nothing, and who is slow because of a poor network is served.',
  tags: ['overload'],
  upstreams: { opensearch, filesystem, billing, git },
  gateway: reference({
    opensearch: policies.opensearch,
    filesystem: { timeout: { attempt: '1s', total: '2s' } },
    billing: policies.billing,
    git: { timeout: { attempt: '1s', total: '2s' } },
    // Without a bound in time, senders would fill this room.
    server: { bodyTimeout: '3s', headTimeout: '3s', inFlight: 350 },
  }),
  load: {
    rate: perSecond(60),
    mix: [
      opensearch.search({ weight: 2 }),
      filesystem.saveFile({ weight: 1, sendOver: '1s' }),
      billing.deductCost({ weight: 3, sendOver: '30s', during: ['attack'] }),
      git.createSnapshot({ weight: 1, sendHeadOver: '30s', during: ['attack'] }),
    ],
  },
  phases: () => [warmUp('3s'), phase('steady', '10s'), atRate(perSecond(140), phase('attack', '16s')), phase('after', '12s')],
  criteria: [
    errorRate().of('opensearch').during('attack').below('2%'),
    p95().of('opensearch').during('attack').below('300ms'),
    goodput().of('filesystem').during('attack').above('90%'),
    ...['billing', 'git'].map((name) =>
      p95().of(name).during('attack').counting('ok', 'upstream_error', 'connection_error', 'client_timeout').below('6s'),
    ),
    // More than a thousand were cut off. Two hundred are connections that other clients opened meanwhile, and keep.
    criteria.growth({ from: 'steady', to: 'after' }).descriptorsBelow(300),
  ],
})
