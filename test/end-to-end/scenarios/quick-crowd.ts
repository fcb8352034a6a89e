// A crowd for a few seconds, so that a test can afford it.
import { criteria, perSecond, phase, reference, scenario, warmUp } from '../../../src/index.ts'
import { embeddings } from '../../../fake-upstreams/embeddings.ts'

export default scenario('quick-crowd', {
  story: 'Twenty connections ask as fast as they are answered, of a server that works on eight requests at once.',
  upstreams: { embeddings },
  gateway: reference({ embeddings: { timeout: { attempt: '3s', total: '4s' }, bulkhead: { concurrent: 8, queue: 4 } } }),
  load: { rate: perSecond(20), mix: [embeddings.embed()] },
  phases: () => [warmUp('1s'), phase('steady', '4s'), phase.saturate('4s', { connections: 20 }), phase('recovery', '3s')],
  criteria: [criteria.concurrency('embeddings').during('saturated').atMost(8)],
})
