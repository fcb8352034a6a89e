import { atRate, criteria, errorRate, perSecond, phase, scenario, warmUp } from '../src/index.ts'
import { gateway, load, upstreams } from './systems/product-search.ts'

const { goodputAfter, retries } = criteria

export default scenario('metastable', {
  story:
    'For three seconds four times as many search as usual. When they have gone, load and capacity are what they were, and so must be good ' +
    'answers: without a budget for retries the queue stays full of requests that nobody waits for any more, and nobody is served ever after.',
  tags: ['overload'],
  upstreams,
  gateway,
  load,
  phases: () => [warmUp('3s'), phase('steady', '12s'), atRate(perSecond(280), phase('spike', '3s')), phase('after', '20s')],
  criteria: ({ gateway: { opensearch } }) => [
    errorRate().during('steady').below('2%'),
    goodputAfter('spike').of('opensearch').within('5s').comparedWith('steady', { above: '90%' }),
    retries('opensearch').attemptsAtMost(opensearch.retry.attempts),
  ],
})
