// So many requests fail for good that a gateway must stop repeating them.
import { amplification, criteria, perSecond, phase, reference, scenario, status, warmUp } from '../../../src/index.ts'
import { mix, upstreams } from '../../../scenarios/systems/podcast.ts'

const policies = { timeout: { attempt: '1s', total: '3s' }, retry: { attempts: 3, base: '50ms', budget: { ratio: 0.1 } } } as const

export default scenario('some-fail', {
  story: 'Half of the requests for AssemblyAI fail, however often they are tried. One repeat for ten calls is all that it can bear.',
  upstreams,
  gateway: reference({ gemini: policies, assemblyai: policies }),
  load: { rate: perSecond(150), mix },
  phases: () => [
    warmUp('1s'),
    phase('steady', '3s'),
    phase('failing', '8s', status('assemblyai', 503, { share: 0.5 })),
    phase('recovery', '3s'),
  ],
  criteria: [criteria.retries('assemblyai').during('failing').attemptsAtMost(3), amplification('assemblyai').during('failing').below(1.4)],
})
