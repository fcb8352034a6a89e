import { claims, criteria, faults, perSecond, phase, scenario, times, warmUp } from '../src/index.ts'
import { gemini } from '../fake-upstreams/gemini.ts'
import { load, upstreams } from './systems/any-gateway.ts'

export default scenario('generic-streams', {
  story:
    'Some of what Gemini answers is streamed. Streams break off, tell an error in their middle, or stall. Users get every event once and whole, ' +
    'soon, and each stream ends for them as it ended for the gateway.',
  upstreams,
  load: { ...load, rate: perSecond(180), mix: [...load.mix, gemini.streamGenerateContent({ weight: 2 })] },
  phases: ({ gateway: { gemini: policies } }) => [
    warmUp('3s'),
    phase('steady', '12s'),
    phase('cut', '8s', faults.cutStream('gemini', 0.5, { share: 0.3, routes: ['streamGenerateContent'] })),
    phase('error inside', '8s', faults.streamError('gemini', 503, { share: 0.3, routes: ['streamGenerateContent'] })),
    phase('stalled', '8s', faults.stalledStream('gemini', 0.5, { share: 0.1, routes: ['streamGenerateContent'] })),
    phase('recovery', times(2, policies.breaker.recovery)),
  ],
  claims: [claims.isolates('gemini', { in: ['cut', 'error inside', 'stalled'] })],
  criteria: [
    criteria.streams('gemini').whole(),
    criteria.streams('gemini').during('steady').firstEventWithin('500ms'),
    criteria.streams('gemini').during('steady').gapsBelow('500ms'),
    // A gateway that keeps a stream until it has all of it hands on no event of one that stalls.
    criteria.streams('gemini').during('stalled').firstEventWithin('500ms'),
    criteria.streams('gemini').during('recovery').firstEventWithin('500ms'),
  ],
})
