// Debug toolkit: traces of language models from LangWatch, synchronised into Firestore. LangWatch once answered 404 in a loop and blocked the
// service: here its 404 counts as a failure. While its breaker is open, users see demo data that says so.
import { firestore } from '../../fake-upstreams/firestore.ts'
import { langwatch } from '../../fake-upstreams/langwatch.ts'
import { perSecond, reference, request } from '../../src/index.ts'
import { recommendations } from './recommended/debug-toolkit.ts'
import { withRecommended } from './recommended/recommendation.ts'

const breaker = { failures: 3, recovery: '5s', recoveryGrowth: 1 } as const
const retry = { attempts: 3, base: '100ms' } as const
const classes = { '404': 'failure' } as const
const fallback = { kind: 'static' as const, body: { demo: true, traces: [] } }
const patient = {
  timeout: { attempt: '10s', total: '35s' },
  breaker: { ...breaker, recovery: '30s' },
  retry: { ...retry, base: '1s' },
} as const

export const upstreams = { langwatch, firestore }

const ci = {
  langwatch: { timeout: { attempt: '1s', total: '5s' }, breaker, retry, classes, fallback },
  firestore: { timeout: { attempt: '1s', total: '5s' }, retry },
} as const
const production = {
  langwatch: patient,
  firestore: { timeout: { attempt: '10s', total: '35s' }, retry: { ...retry, base: '1s' } },
} as const

const recommended = withRecommended(production, recommendations)

export const gateway = reference(ci, { production, recommended })

// Two callers may wait for their turn; others get demo data at once.
const rateLimit = { kind: 'minimum_interval', interval: '1s', queue: 2 } as const

/** LangWatch is asked once a second, whatever the callers do. */
export const pacedGateway = reference(
  { ...ci, langwatch: { ...ci.langwatch, rateLimit } },
  {
    production: { ...production, langwatch: { ...production.langwatch, rateLimit } },
    recommended: { ...recommended, langwatch: { ...recommended.langwatch, rateLimit } },
  },
)

const sync = { collection: '/v1/projects/debug-toolkit/databases/(default)/documents/traces', every: '1s' } as const

const patientSync = { sync: { ...sync, every: '5min' }, alerts: {} } as const

/** Firestore's traces are copied again and again; a copy that is old is an alert. */
export const syncingGateway = reference(
  { ...ci, services: { sync, alerts: {} } },
  { production: { ...production, services: patientSync }, recommended: { ...recommended, services: patientSync } },
)

/** The same with its copies in Redis, written in batches of five. */
const inRedis = { server: { store: { kind: 'redis' as const } } }
const batched = { ...sync, batch: 5 }
const patientBatches = { sync: { ...batched, every: '5min' }, alerts: {} } as const
export const syncingOnRedis = reference(
  { ...ci, ...inRedis, services: { sync: batched, alerts: {} } },
  {
    production: { ...production, ...inRedis, services: patientBatches },
    recommended: { ...recommended, ...inRedis, services: patientBatches },
  },
)

const mix = [
  langwatch.getTrace({ weight: 3 }),
  langwatch.searchTraces({ weight: 1 }),
  firestore.getDocument({ weight: 3 }),
  firestore.patchDocument({ weight: 1 }),
]

export const load = { rate: perSecond(200), mix }

/** With what an operator looks at in some phases: whether the copies are whole. */
export const loadWithCopies = (...during: string[]) => ({
  rate: perSecond(200),
  mix: [...mix, request('copies', { path: '/sync/copies', weight: 0.4, during })],
})
