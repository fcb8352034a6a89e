// The fake upstream that the machine is measured with: small answers, as soon as asked.
import { defineUpstream } from '../../upstreams/define.ts'

export const echo = defineUpstream(import.meta, {
  name: 'echo',
  latency: '1ms',
  routes: { say: { method: 'GET', path: '/echo', samples: { paths: ['/echo'] }, reply: () => ({ body: { said: true } }) } },
})
