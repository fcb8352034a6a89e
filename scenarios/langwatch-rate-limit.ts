import { breaker, criteria, errorRate, p95, phase, scenario, warmUp } from '../src/index.ts'
import { load, pacedGateway, upstreams } from './systems/debug-toolkit.ts'

export default scenario('langwatch-rate-limit', {
  story:
    'Callers ask a hundred times more often than LangWatch allows. It is asked once a second, whatever they do: two wait for their turn, the ' +
    'others get demo data that says so, nobody gets an error, and Firestore does not notice.',
  tags: ['debug-toolkit'],
  upstreams,
  gateway: pacedGateway,
  load,
  phases: () => [warmUp('3s'), phase('crowded', '25s')],
  criteria: [
    criteria.pace('langwatch').atLeastApart('1s'),
    breaker('langwatch').staysClosed(),
    criteria.fallbacks('langwatch').marked(),
    criteria.answers('langwatch').carry({ json: { demo: 'boolean' } }, { of: ['fallback'] }),
    errorRate().of('langwatch').below('1%'),
    errorRate().of('firestore').below('1%'),
    p95().of('firestore').below('500ms'),
  ],
})
