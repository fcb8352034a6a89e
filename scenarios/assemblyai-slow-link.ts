import { amplification, breaker, claims, errorRate, p95, phase, scenario, slowLink, warmUp } from '../src/index.ts'
import { gateway, load, upstreams } from './systems/podcast.ts'

export default scenario('assemblyai-slow-link', {
  story:
    'The link to AssemblyAI carries no more than 10 KB/s on each connection. Everything takes longer and nothing fails, ' +
    'so nothing may be refused: a breaker that opens here does more harm than the link.',
  tags: ['podcast-production', 'network'],
  upstreams,
  gateway,
  load,
  phases: () => [warmUp('3s'), phase('steady', '10s'), phase('slow', '15s', slowLink('assemblyai', 10)), phase('recovery', '10s')],
  claims: [claims.isolates('assemblyai', { in: 'slow' })],
  criteria: [
    breaker('assemblyai').staysClosed(),
    breaker('gemini').staysClosed(),
    errorRate().of('assemblyai').during('slow').below('0.5%'),
    p95().of('assemblyai').during('slow').below('1s'),
    amplification('assemblyai').during('slow').below(1.1),
  ],
})
