// A criterion about an upstream that does not exist.
import { errorRate } from '../../../src/scenario/criteria.ts'
import { perSecond } from '../../../src/scenario/load.ts'
import { phase } from '../../../src/scenario/phases.ts'
import { reference, scenario } from '../../../src/scenario/scenario.ts'
import { mix, upstreams } from '../../../scenarios/systems/podcast.ts'

export default scenario('misspelt', {
  story: 'Nothing happens.',
  upstreams,
  gateway: reference({}),
  load: { rate: perSecond(100), mix },
  phases: () => [phase('steady', '5s')],
  criteria: [errorRate().of('gemni').below('1%')],
})
