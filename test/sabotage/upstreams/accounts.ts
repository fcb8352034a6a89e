// An upstream whose answers depend on who asks, at one and the same path.
import { defineUpstream } from '../../../src/upstreams/define.ts'

export const accounts = defineUpstream(import.meta, {
  name: 'accounts',
  latency: '10ms',
  routes: {
    me: {
      method: 'GET',
      path: '/me',
      reply: ({ headers }) => ({ body: { account: headers['x-account'] ?? 'nobody' } }),
    },
  },
})
