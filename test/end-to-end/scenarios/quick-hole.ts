// A blackhole made by the network, short enough for a test that stops in the middle of it.
import { blackhole, breaker, phase, reference, scenario, unsafeRetries, warmUp } from '../../../src/index.ts'
import { load, upstreams } from '../../../scenarios/systems/podcast.ts'

const breaking = { failures: 5, recovery: '1s', recoveryGrowth: 1 } as const
const timeout = { attempt: '500ms', total: '2s' } as const

export default scenario('quick-hole', {
  story: 'The network swallows what Gemini answers.',
  upstreams,
  gateway: reference({ gemini: { timeout, breaker: breaking }, assemblyai: { timeout, breaker: breaking } }),
  load,
  phases: () => [warmUp('1s'), phase('hole', '5s', blackhole('gemini')), phase('after', '2s')],
  criteria: [unsafeRetries('gemini').none(), breaker('assemblyai').staysClosed()],
})
