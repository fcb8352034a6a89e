import {
  amplification,
  breaker,
  errorRate,
  fastFail,
  faults,
  phase,
  scenario,
  times,
  unharmed,
  unsafeRetries,
  warmUp,
} from '../src/index.ts'
import { gateway, load, upstreams } from './systems/podcast.ts'

export default scenario('assemblyai-resets', {
  story:
    'Every connection to AssemblyAI is reset as soon as something is sent over it. There is nothing to fall back to: ' +
    'the gateway says so at once instead of trying again and again, never submits a transcript twice, and recovers by itself.',
  upstreams,
  gateway,
  load,
  phases: ({ gateway: { assemblyai } }) => [
    warmUp('3s'),
    phase('steady', '10s'),
    phase('resets', times(2, assemblyai.breaker.recovery), faults.resets('assemblyai')),
    phase('recovery', times(4, assemblyai.breaker.recovery)),
  ],
  criteria: ({ gateway: { assemblyai } }) => [
    unsafeRetries('assemblyai').none(),
    breaker('assemblyai').goes('closed', 'open', 'half_open', 'closed'),
    breaker('assemblyai').opensWithin('1s').of('resets'),
    breaker('assemblyai').closesWithin(times(1.5, assemblyai.breaker.recovery)).afterEndOf('resets'),
    fastFail('assemblyai').during('resets').below('250ms'),
    // With the recovery: the breaker lets too few requests be tried under resets alone to bound their attempts.
    amplification('assemblyai').during('resets', 'recovery').below(1.1),
    errorRate().of('gemini').during('resets').below('1%'),
    unharmed('gemini').comparedWith('steady', { latencySlack: '100ms' }),
  ],
})
