// The projects that install the package: one of ES modules, and one of CommonJS, whose own modules are of every kind that it may have.

const gateway = `
import { createServer } from 'node:http'
const { PORT, UPSTREAM_ORDERS } = process.env
createServer(async (request, response) => {
  if (request.url === '/healthz') return response.end()
  const { status, body } = await fetch(UPSTREAM_ORDERS + request.url.replace('/orders', ''), { headers: { 'x-request-id': request.headers['x-request-id'] } })
  response.writeHead(status)
  for await (const piece of body) response.write(piece)
  response.end()
}).listen(Number(PORT), '127.0.0.1')
`

const orders = `{ name: 'orders', latency: '5ms', routes: { getOrder: { method: 'GET', path: '/orders', reply: () => ({ body: { id: 7 } }) } } }`

const story = (name: string): string => `'${name}', {
  story: 'Nothing goes wrong.',
  upstreams: { orders },
  load: { rate: perSecond(50), mix: [orders.getOrder()] },
  phases: () => [phase('steady', '3s')],
  criteria: [errorRate().below('20%')],
}`

const esModules = (ending: string): Record<string, string> => ({
  [`fakes/orders.${ending}`]: `import { defineUpstream } from 'gatecrash'\nexport const orders = defineUpstream(import.meta, ${orders})\n`,
  [`scenarios/typed.${ending}`]: `
import { errorRate, perSecond, phase, scenario } from 'gatecrash'
import { orders } from '../fakes/orders.${ending}'
const rate: number = 50
export default scenario(${story('typed').replace('perSecond(50)', 'perSecond(rate)')})
`,
})

const commonJs = {
  'fakes/plain.js': `const { defineUpstream } = require('gatecrash')\nexports.orders = defineUpstream(module, ${orders})\n`,
  'scenarios/plain.js': `
const { errorRate, perSecond, phase, scenario } = require('gatecrash')
const { orders } = require('../fakes/plain.js')
module.exports = scenario(${story('plain')})
`,
}

export interface ProjectKind {
  /** Of its package.json. */
  type: 'module' | 'commonjs'
  files: Record<string, string>
  /** Those of its own that are played; `list` must name them. */
  scenarios: string[]
}

export const projectKinds: readonly ProjectKind[] = [
  { type: 'module', files: { 'gateway.mjs': gateway, ...esModules('ts') }, scenarios: ['typed'] },
  { type: 'commonjs', files: { 'gateway.mjs': gateway, ...esModules('mts'), ...commonJs }, scenarios: ['typed', 'plain'] },
]
