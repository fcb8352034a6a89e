import { claims, criteria, errorRate, faults, phase, scenario, warmUp } from '../src/index.ts'
import { load, upstreams } from './systems/any-gateway.ts'

export default scenario('generic-bodies', {
  story:
    'One answer of Gemini in six ends too early, then one in six is reset in its middle, then one in six is garbage. No half answer becomes ' +
    'a whole one on its way, and AssemblyAI does not notice.',
  upstreams,
  load,
  phases: () => [
    warmUp('3s'),
    phase('steady', '10s'),
    phase('too short', '8s', faults.truncated('gemini', 0.5, { every: 6 })),
    phase('reset', '8s', faults.disconnectMidBody('gemini', 0.5, { every: 6 })),
    phase('garbage', '8s', faults.malformed('gemini', { every: 6 })),
    phase('recovery', '12s'),
  ],
  claims: [claims.isolates('gemini', { in: ['too short', 'reset', 'garbage'] })],
  criteria: [
    criteria.answers('gemini').during('too short', 'reset', 'garbage').unspoiled(),
    // A gateway may write JSON anew, by design.
    criteria.answers('gemini').during('steady').intact().warn(),
    criteria.unsafeRetries('gemini').none(),
    errorRate().of('gemini').during('recovery').below('1%'),
  ],
})
