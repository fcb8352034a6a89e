// For each story of overload the defect that it is about.
import { type Sabotage, edited, mutant } from './sabotage.ts'
import { ADMISSION, OWN_ROOM, known } from './systems.ts'

const oneSmallRoom = (scenario: string, expect: Sabotage['expect']): Sabotage =>
  edited(scenario, 'requests of all upstreams share one room of twenty', ADMISSION, OWN_ROOM, 'if (this.inFlight <= 20) return undefined', {
    scenario,
    expect,
    visibleIn: 'traffic',
  })

export const overloads: readonly Sabotage[] = [
  known('M27', 'retry-storm', ['retry_storm']),
  known('M27', 'metastable', ['stays_low']),
  // The bulkhead lets five pass: traffic alone may take them for those of five workers, and then says so.
  { ...mutant('M04', { scenario: 'thundering-herd', expect: ['too_many_probes'], visibleIn: 'events' }), id: 'thundering-herd' },
  oneSmallRoom('noisy-neighbour', ['too_many_errors']),
  oneSmallRoom('cascade', ['harmed']),
  known('M43', 'spike-load', ['too_slow']),
  edited(
    'soak',
    'something of every request is kept',
    'src/gateway/request/exchange.ts',
    '    const limits = { maxBytes',
    '    ;((globalThis as { kept?: Buffer[] }).kept ??= []).push(Buffer.alloc(20_000, 1))\n    const limits = { maxBytes',
    { scenario: 'soak', flags: ['--expect', 'opensearch.breaker.recovery=1s'], expect: ['grown'], visibleIn: 'traffic' },
  ),
  edited(
    'slow-loris',
    'a body may take an hour to arrive',
    'src/gateway/request/exchange.ts',
    'timeout: settings.bodyTimeout, deadlines',
    'timeout: 3_600_000, deadlines',
    { scenario: 'slow-loris', expect: ['too_many_errors'], visibleIn: 'traffic' },
  ),
  edited(
    'slow-loris-heads',
    'the head of a request may take five minutes to arrive',
    'src/gateway/front.ts',
    'headersTimeout: Math.ceil(headTimeout)',
    'headersTimeout: REQUEST_TIMEOUT',
    { scenario: 'slow-loris', expect: ['too_slow'], visibleIn: 'traffic' },
  ),
]
