import { expect, it } from 'vitest'
import { faultWords } from '../../src/report/fault-words.ts'
import type { PlannedFault } from '../../src/plan/plan.ts'
import type { Hits, RequestFault } from '../../src/faults/request-fault.ts'

const upstream = (fault: RequestFault, hits: Hits = {}): PlannedFault['fault'] => ({ made: 'upstream', fault, hits })
const toxic = { is: 'toxic', stream: 'downstream', toxicity: 1 } as const

it.each<[PlannedFault['fault'], string]>([
  [upstream({ is: 'status', status: 503 }), 'answers 503'],
  [upstream({ is: 'status', status: 429, retryAfter: '2' }, { share: 0.3 }), 'answers 429, Retry-After 2, 30 % of requests'],
  [upstream({ is: 'status', status: 503 }, { every: 20, attempts: 1 }), 'answers 503, 1 request in 20, only the first attempt'],
  [upstream({ is: 'hang' }, { first: 3 }), 'never answers, only the first 3 requests'],
  [upstream({ is: 'latency', latency: { is: 'fixed', ms: 2000 } }), 'adds 2 s'],
  [upstream({ is: 'latency', latency: { is: 'uniform', minMs: 100, maxMs: 300 } }), 'adds 100 ms to 300 ms'],
  [upstream({ is: 'latency', latency: { is: 'log_normal', medianMs: 800, sigma: 0.5 } }), 'adds about 800 ms'],
  [upstream({ is: 'disconnect', when: 'mid_body' }), 'disconnects in mid-body'],
  [upstream({ is: 'truncated', fraction: 0.5 }), 'sends 50 % of the body'],
  [upstream({ is: 'malformed' }), 'malformed body'],
  [upstream({ is: 'drip', pieces: 10, intervalMs: 200 }), 'drips 10 pieces, 200 ms apart'],
  [{ made: 'network', is: 'down' }, 'refuses connections'],
  [{ made: 'network', ...toxic, toxic: { type: 'timeout', attributes: { timeout: 0 } } }, 'timeout toxic downstream, timeout 0'],
  [
    { made: 'network', ...toxic, toxicity: 0.5, toxic: { type: 'latency', attributes: { latency: 1000, jitter: 100 } } },
    'latency toxic downstream, latency 1000, jitter 100, 50 % of connections',
  ],
])('%j reads as "%s"', (fault, words) => expect(faultWords({ fault })).toBe(words))
