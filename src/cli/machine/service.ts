// The fake upstream that calibration is measured with: it answers as late as a usual service.
import { defineUpstream } from '../../upstreams/define.ts'

export const service = defineUpstream(import.meta, {
  name: 'service',
  latency: '20ms',
  routes: { say: { method: 'GET', path: '/say', samples: { paths: ['/say'] }, reply: () => ({ body: { said: true } }) } },
})
