import { atRate, criteria, p95, perSecond, phase, scenario, warmUp } from '../src/index.ts'
import { opensearch } from '../fake-upstreams/opensearch.ts'
import { gateway, upstreams } from './systems/shop.ts'

const { concurrency, goodputAfter } = criteria

export default scenario('spike-load', {
  story:
    'For eight seconds five times as many search as usual, and more than twice what the search can do. Whoever is let in is served as ' +
    'quickly as ever, the others are refused at once, and nothing is left of it when the spike is over.',
  tags: ['overload'],
  upstreams,
  gateway,
  load: { rate: perSecond(60), mix: [opensearch.search({ weight: 1 })] },
  phases: () => [warmUp('3s'), phase('steady', '10s'), atRate(perSecond(300), phase('spike', '8s')), phase('after', '12s')],
  criteria: ({ gateway: { opensearch: search } }) => [
    p95().during('spike').below('500ms'),
    p95().during('spike').counting('shed').below('400ms'),
    concurrency('opensearch').during('spike').atMost(search.bulkhead.concurrent),
    goodputAfter('spike').of('opensearch').within('2s').comparedWith('steady', { above: '90%' }),
    p95().during('after').below('250ms'),
  ],
})
