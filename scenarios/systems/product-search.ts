// Product search: a node of one's own that works on five searches at once and lets a hundred wait, about 120 a second. It is asked for
// little more than half of that. Asked again after each timeout it would get more than it can do: a budget bounds how much is repeated.
import { opensearch } from '../../fake-upstreams/opensearch.ts'
import { perSecond, reference } from '../../src/index.ts'

const timeout = { attempt: '300ms', total: '2s' } as const
const retry = { attempts: 3, base: '50ms' } as const

export const upstreams = { opensearch }

/** `--policy unbudgeted` shows what the budget is for. */
export const gateway = reference(
  { opensearch: { timeout, retry: { ...retry, budget: { ratio: 0.1, window: '5s' } } } },
  {
    production: { opensearch: { timeout, retry: { ...retry, budget: { ratio: 0.1, window: '10s' } } } },
    unbudgeted: { opensearch: { timeout, retry: { ...retry, budget: 'none' } } },
  },
)

export const load = { rate: perSecond(70), mix: [opensearch.search({ weight: 3 }), opensearch.getDocument({ weight: 1 })] }
