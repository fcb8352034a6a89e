// A criterion about an upstream that does not exist.
import { errorRate, perSecond, phase, reference, scenario } from '../../../src/index.ts'
import { mix, upstreams } from '../../../scenarios/systems/podcast.ts'

export default scenario('misspelt', {
  story: 'Nothing happens.',
  upstreams,
  gateway: reference({}),
  load: { rate: perSecond(100), mix },
  phases: () => [phase('steady', '5s')],
  criteria: [errorRate().of('gemni').below('1%')],
})
