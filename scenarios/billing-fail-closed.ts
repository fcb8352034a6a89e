import { criteria, errorRate, faults, phase, scenario, times, warmUp } from '../src/index.ts'
import { chatLoad, gateway, upstreams } from './systems/writing-assistant.ts'

const envelope = {
  error: { code: 'string', message: 'string', technical_message: 'string', retryable: 'boolean', error_id: 'string', request_id: 'string' },
} as const

export default scenario('billing-fail-closed', {
  story:
    'Billing books each cost, and is too slow to say so in time. No chat goes on without having been charged: each is refused with 503 and a clear ' +
    'error. And no cost is booked again, for nobody knows whether it was booked before.',
  tags: ['writing-assistant', 'services'],
  upstreams,
  gateway,
  load: chatLoad,
  phases: ({ gateway: { billing } }) => [
    warmUp('3s'),
    phase('steady', '6s'),
    phase('slow', times(2, billing.breaker.recovery), faults.latency('billing', times(3, billing.timeout.attempt))),
    phase('recovery', times(2, billing.breaker.recovery)),
  ],
  criteria: [
    criteria.effects('billing').once(),
    criteria.unsafeRetries('billing').none(),
    criteria
      .answers('billing')
      .during('slow')
      .carry({ header: 'x-gateway-error', value: 'step_failed' }, { of: ['upstream_error'], routes: ['chat'] }),
    criteria
      .answers('billing')
      .during('slow')
      .carry({ json: envelope }, { of: ['upstream_error'], routes: ['chat'] }),
    criteria.fallbacks('billing').during('slow').below('1%'),
    // The last chats of steady end in the slowness.
    errorRate().during('steady').below('5%'),
  ],
})
