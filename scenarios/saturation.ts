import { embeddings } from '../fake-upstreams/embeddings.ts'
import { breaker, criteria, perSecond, phase, reference, scenario, warmUp } from '../src/index.ts'

const { backToBaseline, concurrency, saturation } = criteria

export default scenario('saturation', {
  story:
    'Sixty connections ask as fast as they are answered, of a server that works on eight requests at once. The gateway lets through ' +
    'what that server can do and refuses the others at once; those let in are served as quickly as ever, and all is well when the crowd has gone.',
  tags: ['overload'],
  upstreams: { embeddings },
  gateway: reference({
    embeddings: {
      timeout: { attempt: '3s', total: '4s' },
      bulkhead: { concurrent: 8, queue: 4 },
      breaker: { failures: 5, recovery: '5s' },
    },
  }),
  load: { rate: perSecond(20), mix: [embeddings.embed()] },
  phases: () => [warmUp('3s'), phase('steady', '10s'), phase.saturate('12s', { connections: 60 }), phase('recovery', '20s')],
  criteria: [
    saturation().throughputAbove('100%', { of: 'steady' }),
    saturation().shedsRatherThanCollapses({ servedWithin: '800ms', refusedWithin: '400ms' }),
    concurrency('embeddings').during('saturated').atMost(8),
    breaker('embeddings').staysClosed(),
    backToBaseline('embeddings').after('saturated').comparedWith('steady'),
  ],
})
