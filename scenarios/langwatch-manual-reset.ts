import { breaker, criteria, errorRate, phase, request, scenario, status, times, warmUp } from '../src/index.ts'
import { gateway, load, upstreams } from './systems/debug-toolkit.ts'

export default scenario('langwatch-manual-reset', {
  story:
    'LangWatch answers 404 in a loop again, and is mended sooner than its breaker would ask. An operator closes the breaker by hand: LangWatch is ' +
    'asked again at once, long before the time that the breaker waits by itself.',
  tags: ['debug-toolkit'],
  upstreams,
  gateway,
  load: {
    ...load,
    mix: [
      ...load.mix,
      request('an operator resets the breaker', {
        method: 'POST',
        path: '/api/v1/resilience/circuit-breakers/langwatch/reset',
        once: 'reset',
      }),
    ],
  },
  phases: ({ gateway: { langwatch } }) => [
    warmUp('3s'),
    phase('steady', '11.5s'),
    phase('storm', times(0.4, langwatch.breaker.recovery), status('langwatch', 404)),
    phase('mended', '500ms'),
    phase('reset', times(4, langwatch.breaker.recovery)),
  ],
  criteria: ({ gateway: { langwatch } }) => [
    breaker('langwatch').opensWithin('1s').of('storm'),
    // Without a hand it asks again when this time is over.
    breaker('langwatch').closesWithin(times(0.4, langwatch.breaker.recovery)).afterEndOf('storm'),
    breaker('langwatch').goes('closed', 'open', 'closed'),
    criteria
      .answers('langwatch')
      .during('storm')
      .carry({ json: { demo: 'boolean' } }, { of: ['fallback'] }),
    errorRate().during('steady', 'reset').below('1%'),
    criteria.backToBaseline('langwatch').after('storm').comparedWith('steady'),
  ],
})
