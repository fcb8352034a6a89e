// The gateway is killed, and then restarted, while its breaker of Gemini is open: neither is its own end, and its account stays readable.
import { breaker, errorRate, faults, perSecond, phase, reference, scenario, status, warmUp } from '../../../src/index.ts'
import { mix, upstreams } from '../../../scenarios/systems/podcast.ts'

export default scenario('quick-kill', {
  story: 'Gemini is out when the gateway dies. Started again, it answers as before.',
  upstreams,
  gateway: reference({
    gemini: { timeout: { attempt: '1s', total: '2s' }, breaker: { failures: 5, recovery: '60s' } },
    assemblyai: { timeout: { attempt: '1s', total: '2s' }, breaker: { failures: 5, recovery: '60s' } },
  }),
  load: { rate: perSecond(150), mix },
  phases: () => [
    warmUp('1s'),
    phase('steady', '2s'),
    phase('outage', '1500ms', status('gemini', 503)),
    phase('death', '1s', faults.killed('gateway')),
    phase('back', '3s'),
    phase('deployment', '2s', faults.restarted('gateway')),
    phase('after', '3s'),
  ],
  criteria: [
    breaker('gemini').opensWithin('1s').of('outage'),
    errorRate().during('after').below('2%'),
    breaker('assemblyai').staysClosed(),
  ],
})
