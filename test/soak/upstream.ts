// The fake of a soak: a small answer, a large one, a stream, and a route that takes bodies.
import { defineUpstream } from '../../src/upstreams/define.ts'

const LARGE = 'x'.repeat(1_000_000)

export const fake = defineUpstream(import.meta, {
  name: 'fake',
  latency: { is: 'fixed', ms: 1 },
  routes: {
    greet: { method: 'GET', path: '/greet/{who}', samples: { paths: ['/greet/ada'] }, reply: ({ params }) => ({ body: params }) },
    visit: { method: 'POST', path: '/visits', reply: () => ({ status: 201, body: { visits: 1 } }) },
    large: { method: 'GET', path: '/large', reply: () => ({ body: { LARGE } }) },
    ticks: {
      method: 'GET',
      path: '/ticks',
      reply: () => ({
        headers: { 'content-type': 'text/event-stream' },
        stream: { pieces: Array.from({ length: 50 }, (_, at) => `data: ${at} ${'x'.repeat(5000)}\n\n`), intervalMs: 20 },
      }),
    },
  },
  errorBody: (status) => ({ broken: status }),
})
