import { atRate, criteria, errorRate, perSecond, phase, scenario, warmUp } from '../src/index.ts'
import { gateway, greedyLoad, upstreams } from './systems/podcast-quotas.ts'

const refused = { of: ['limited' as const], routes: ['greedy'] }
const ok = { header: 'x-gateway-outcome', value: 'ok' }
const envelope = {
  error: { code: 'string', message: 'string', technical_message: 'string', retryable: 'boolean', error_id: 'string', request_id: 'string' },
} as const

export default scenario('quota', {
  story:
    "One user's program asks four times as often as its quota allows. What is too much is refused with a clear error, and when to come back. The " +
    'other users get every answer as before; and so does this one, once its program has calmed down.',
  tags: ['podcast-production', 'services'],
  upstreams,
  gateway,
  load: greedyLoad,
  phases: () => [
    warmUp('3s'),
    phase('steady', '6s'),
    atRate(perSecond(250), phase('storm', '10s')),
    phase('calm', '2s'),
    phase('after', '6s'),
  ],
  criteria: [
    criteria
      .answers('gemini')
      .during('steady', 'storm', 'calm', 'after')
      .carry(ok, { routes: ['notes'] }),
    criteria.answers('gemini').during('storm').carry({ header: 'x-gateway-error', value: 'quota_exceeded' }, refused),
    criteria.answers('gemini').during('storm').carry({ header: 'retry-after' }, refused),
    criteria.answers('gemini').during('storm').carry({ json: envelope }, refused),
    criteria
      .answers('gemini')
      .during('after')
      .carry(ok, { routes: ['greedy again'] }),
    errorRate().of('gcs').during('storm').below('2%'),
  ],
})
