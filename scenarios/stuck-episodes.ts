import { criteria, faults, phase, scenario, unharmed, warmUp } from '../src/index.ts'
import { gateway, load, upstreams } from './systems/podcast-episodes.ts'

export default scenario('stuck-episodes', {
  story:
    'Auphonic takes new audio and never answers. Each episode is seen to be stuck in time, marked as an error, told by an alert, and tried again without a ' +
    'hand: once Auphonic answers, every accepted episode is done, once. Texts from Gemini do not notice anything.',
  tags: ['podcast-production', 'services'],
  upstreams,
  gateway,
  load,
  phases: () => [
    warmUp('3s'),
    phase('steady', '10s'),
    phase('hang', '6s', faults.hang('auphonic', { routes: ['createProduction'] })),
    phase('recovery', '12s'),
  ],
  criteria: [
    criteria.operations('episode').conserved({ doneBy: 'auphonic', failedAtMost: 0, pendingAtMost: 20 }),
    criteria.alerts('operations_stuck').startWithin('4s').of('hang'),
    criteria.alerts('operations_stuck').endWithin('9s').afterEndOf('hang'),
    criteria.alerts().noneFalse(),
    unharmed('gemini').comparedWith('steady'),
  ],
})
