// A shop: product search on a node of one's own, which does about 120 searches a second, and billing. A bulkhead keeps what the gateway
// asks of the search near what it can do; the others are refused at once.
import { billing } from '../../fake-upstreams/billing.ts'
import { opensearch } from '../../fake-upstreams/opensearch.ts'
import { perSecond, reference } from '../../src/index.ts'

const timeout = { attempt: '500ms', total: '1200ms' } as const
const retry = { attempts: 3, base: '50ms', budget: { ratio: 0.1, window: '5s' } } as const
const bulkhead = { concurrent: 10, queue: 20 } as const

export const upstreams = { opensearch, billing }

export const policies = { opensearch: { timeout, retry, bulkhead }, billing: { timeout, retry } } as const

export const gateway = reference(policies)

export const load = { rate: perSecond(100), mix: [opensearch.search({ weight: 1 }), billing.getBalance({ weight: 1 })] }
