import { criteria, errorRate, faults, p95, phase, scenario, times, warmUp } from '../src/index.ts'
import { gateway, load, upstreams } from './systems/llm-failover.ts'

const { fallbacks, streams } = criteria

export default scenario('llm-failover', {
  story:
    'OpenAI fails, and Azure answers in its place: users get whole answers and streams, marked as those of a stand-in. Then streams of OpenAI are lost ' +
    'in their middle: what the user has seen is not told again by anybody.',
  tags: ['llm'],
  upstreams,
  gateway,
  load,
  phases: ({ gateway: { openai } }) => [
    warmUp('3s'),
    phase('steady', '8s'),
    phase('outage', '8s', faults.status('openai', 503)),
    // OpenAI's breaker closes again.
    phase('return', times(2, openai.breaker.recovery)),
    // One in five, and never five in a row, which would open the breaker.
    phase('lost', '8s', faults.disconnectMidBody('openai', 0.5, { every: 5, routes: ['streamChatCompletion'] })),
    phase('recovery', times(2, openai.breaker.recovery)),
  ],
  criteria: [
    errorRate().during('outage').below('1%'),
    fallbacks('openai').during('outage').above('90%'),
    fallbacks('openai').marked(),
    p95().of('openai').counting('fallback').during('outage').below('1s'),
    // Of streams that break nobody takes over.
    streams('openai').during('lost').failoverBeforeFirstEvent(),
    streams('openai').whole(),
    streams('openai').during('recovery').firstEventWithin('800ms'),
    fallbacks('openai').during('recovery').below('1%'),
    errorRate().during('recovery').below('1%'),
  ],
})
