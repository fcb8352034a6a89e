// A small upstream for tests: fixed latency, one route of each sort.
import { defineUpstream } from '../../src/upstreams/define.ts'

export const demo = defineUpstream(import.meta, {
  name: 'demo',
  latency: { is: 'fixed', ms: 0 },
  state: () => ({ visits: 0 }),
  routes: {
    greet: {
      method: 'GET',
      path: '/greet/{who}',
      samples: { paths: ['/greet/ada', '/greet/bob'] },
      reply: ({ params, query }) => ({ body: { hello: params['who'], loud: query.has('loud') } }),
    },
    visit: { method: 'POST', path: '/visits', reply: (_request, state) => ({ status: 201, body: { visits: ++state.visits } }) },
    dice: { method: 'GET', path: '/dice', reply: ({ random }) => ({ body: { thrown: 1 + random.integer(6) } }) },
    ticks: {
      method: 'GET',
      path: '/ticks',
      reply: () => ({
        headers: { 'content-type': 'text/event-stream' },
        stream: { pieces: ['data: {"n":1}\n\n', 'data: {"n":2}\n\n'], intervalMs: 1 },
      }),
    },
    nothing: { method: 'DELETE', path: '/nothing', reply: () => ({ status: 204 }) },
  },
  errorBody: (status) => ({ broken: status }),
})
