// gemini-outage with a recovery time of one second, so that a test can afford it.
import {
  breaker,
  errorRate,
  fastFail,
  p95,
  perSecond,
  phase,
  reference,
  scenario,
  status,
  unsafeRetries,
  warmUp,
} from '../../../src/index.ts'
import { mix, upstreams } from '../../../scenarios/systems/podcast.ts'

export default scenario('quick-outage', {
  story: 'Gemini fails now and then, then altogether, and comes back.',
  upstreams,
  gateway: reference({
    gemini: {
      timeout: { attempt: '1s', total: '3s' },
      breaker: { failures: 5, recovery: '1s', recoveryGrowth: 1 },
      retry: { attempts: 3, base: '50ms' },
      fallback: { kind: 'cached', unsafe: ['POST /v1beta/models/*'] },
    },
    assemblyai: { timeout: { attempt: '1s', total: '3s' }, breaker: { failures: 5, recovery: '1s', recoveryGrowth: 1 } },
  }),
  load: { rate: perSecond(150), mix },
  phases: () => [
    warmUp('1s'),
    phase('steady', '3s'),
    phase('flaky', '2s', status('gemini', 503, { every: 20, attempts: 1 })),
    phase('outage', '3s', status('gemini', 503)),
    phase('recovery', '4s'),
  ],
  criteria: [
    unsafeRetries('gemini').none(),
    breaker('gemini').goes('closed', 'open', 'half_open', 'closed'),
    breaker('gemini').opensWithin('1s').of('outage'),
    breaker('gemini').closesWithin('2s').afterEndOf('outage'),
    fastFail('gemini').during('outage').below('250ms'),
    errorRate().during('recovery').below('2%'),
    p95().of('gemini').during('steady').below('1s'),
    breaker('assemblyai').staysClosed(),
  ],
})
