import {
  amplification,
  breaker,
  errorRate,
  fastFail,
  p95,
  phase,
  scenario,
  status,
  times,
  unharmed,
  unsafeRetries,
  warmUp,
} from '../src/index.ts'
import { gateway, load, upstreams } from './systems/podcast.ts'

export default scenario('gemini-outage', {
  story:
    'Gemini fails now and then, and after that answers 503 to everything. The gateway repeats only what may be repeated, ' +
    'then fails fast, serves cached answers, probes, and recovers by itself; AssemblyAI does not notice.',
  upstreams,
  gateway,
  load,
  phases: ({ gateway: { gemini } }) => [
    warmUp('3s'),
    phase('steady', '10s'),
    // Every twentieth request fails once: enough to see who repeats what, too few in a row to open a breaker.
    phase('flaky', '5s', status('gemini', 503, { every: 20, attempts: 1 })),
    phase('outage', times(2, gemini.breaker.recovery), status('gemini', 503)),
    phase('recovery', times(4, gemini.breaker.recovery)),
  ],
  criteria: ({ gateway: { gemini } }) => [
    unsafeRetries('gemini').none(),
    breaker('gemini').goes('closed', 'open', 'half_open', 'closed'),
    breaker('gemini').opensWithin('1s').of('outage'),
    breaker('gemini').closesWithin(times(1.5, gemini.breaker.recovery)).afterEndOf('outage'),
    fastFail('gemini').during('outage').below('250ms'),
    amplification('gemini').during('flaky', 'outage').below(3),
    errorRate().during('outage').below('1%'),
    errorRate().during('recovery').below('0.1%'),
    p95().of('gemini').during('steady').below('500ms'),
    unharmed('assemblyai').comparedWith('steady', { latencySlack: '100ms' }),
  ],
})
