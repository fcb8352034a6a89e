import { breaker, criteria, errorRate, p95, phase, scenario, status, times, warmUp } from '../src/index.ts'
import { chatLoad, gatewayWithoutCache, upstreams } from './systems/writing-assistant.ts'

export default scenario('chroma-down-chat-goes-on', {
  story:
    'Chroma is down, and nothing is kept of earlier searches. A chat searches first; it goes on without having found anything, and says so. It is ' +
    'charged once and answered in time. When Chroma is back, chats search again.',
  tags: ['writing-assistant', 'services'],
  upstreams,
  gateway: gatewayWithoutCache,
  load: chatLoad,
  phases: ({ gateway: { chroma } }) => [
    warmUp('3s'),
    phase('steady', '6s'),
    phase('outage', times(2, chroma.breaker.recovery), status('chroma', 503)),
    phase('recovery', times(2, chroma.breaker.recovery)),
  ],
  criteria: ({ gateway: { chroma } }) => [
    breaker('chroma').opensWithin('1s').of('outage'),
    // Of billing's requests most are chats.
    errorRate().of('billing').during('outage').below('1%'),
    p95().of('billing').during('outage').below('800ms'),
    criteria.fallbacks('chroma').during('outage').above('50%'),
    criteria.answers('chroma').given(),
    criteria.effects('billing').once(),
    breaker('chroma').recoversAfter(chroma.breaker.recovery, { atMost: times(1.5, chroma.breaker.recovery) }),
  ],
})
