import { breaker, errorRate, goodput, p95, p99, phase, scenario, warmUp } from '../src/index.ts'
import { gateway, load, upstreams } from './systems/podcast.ts'

export default scenario('steady', {
  story: 'Nothing goes wrong. No breaker opens, and the claims hold: p95 below 2 s, fewer than one request in a thousand fails.',
  tags: ['podcast-production'],
  upstreams,
  gateway,
  load,
  phases: () => [warmUp('3s'), phase('steady', '32s')],
  criteria: [
    breaker('gemini').staysClosed(),
    breaker('assemblyai').staysClosed(),
    errorRate().during('steady').below('0.1%'),
    goodput().during('steady').above('99.9%'),
    p95().during('steady').below('2s'),
    p99().during('steady').below('2s'),
  ],
})
