import { claims, faults, phase, scenario, status, times, warmUp } from '../src/index.ts'
import { load, upstreams } from './systems/any-gateway.ts'

export default scenario('generic-isolation', {
  story:
    'Gemini first fails, then hangs. AssemblyAI, which shares nothing with it but the gateway, does as well as before: ' +
    'no errors, no waiting, no refusals.',
  upstreams,
  load,
  phases: ({ gateway: { gemini } }) => [
    warmUp('3s'),
    phase('steady', '10s'),
    phase('failing', '8s', status('gemini', 503)),
    phase('hanging', '12s', faults.hang('gemini')),
    phase('recovery', times(3, gemini.breaker.recovery)),
  ],
  claims: [claims.isolates('gemini', { in: ['failing', 'hanging'] })],
})
