// A fault on an upstream that nobody asks anything of: whatever is measured, it proves nothing about that fault.
import { breaker, p95, perSecond, phase, reference, scenario, status, warmUp } from '../../../src/index.ts'
import { upstreams } from '../../../scenarios/systems/podcast.ts'

export default scenario('unheard', {
  story: 'Gemini is down, and only AssemblyAI is asked.',
  upstreams,
  gateway: reference({ gemini: { breaker: { failures: 5, recovery: '1s' } } }),
  load: { rate: perSecond(100), mix: [upstreams.assemblyai.getTranscript()] },
  phases: () => [warmUp('1s'), phase('outage', '2s', status('gemini', 503))],
  criteria: [p95().of('assemblyai').during('outage').below('1s'), breaker('gemini').staysClosed()],
})
