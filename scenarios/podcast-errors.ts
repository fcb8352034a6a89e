import { criteria, faults, phase, scenario, status, times, warmUp } from '../src/index.ts'
import { gateway, load, upstreams } from './systems/podcast-production.ts'

const refused = ['rejected', 'timeout', 'connection_error', 'limited', 'shed'] as const
const envelope = {
  error: { code: 'string', message: 'string', technical_message: 'string', retryable: 'boolean', error_id: 'string', request_id: 'string' },
} as const

export default scenario('podcast-errors', {
  story:
    'One service fails, one hangs, one breaks off its answers. Whatever the gateway refuses or gives up itself comes in one envelope: a sentence ' +
    'for people, one for engineers, whether to try again, and ids to find it by. Every answer says how long it took.',
  tags: ['podcast-production'],
  upstreams,
  gateway,
  load: { ...load, timeout: '40s' },
  phases: ({ gateway: { gcs } }) => [
    warmUp('3s'),
    phase('steady', '8s'),
    phase('trouble', times(3, gcs.breaker.recovery), status('gcs', 503), faults.hang('elevenlabs'), faults.disconnect('gemini')),
    phase('after', times(3, gcs.breaker.recovery)),
  ],
  criteria: [
    ...['gcs', 'elevenlabs'].map((name) =>
      criteria
        .answers(name)
        .during('trouble')
        .carry({ json: envelope }, { of: [...refused] }),
    ),
    ...Object.keys(upstreams).map((name) => criteria.answers(name).carry({ header: 'x-response-time' })),
    criteria
      .answers('gcs')
      .during('trouble')
      .carry({ header: 'retry-after' }, { of: ['rejected'] }),
  ],
})
