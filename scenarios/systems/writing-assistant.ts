// Writing assistant: search in Chroma, files, billing, snapshots in Git, each with the settings of its own client. Five consecutive failures open
// a breaker; a cost that was booked is never booked again. The team's source says both that attempts count and that calls do: `counts` says which.
import { billing } from '../../fake-upstreams/billing.ts'
import { chroma } from '../../fake-upstreams/chroma.ts'
import { filesystem } from '../../fake-upstreams/filesystem.ts'
import { git } from '../../fake-upstreams/git.ts'
import { perSecond, reference, request } from '../../src/index.ts'
import { recommendations } from './recommended/writing-assistant.ts'
import { withRecommended } from './recommended/recommendation.ts'

// After an open breaker's time one attempt decides, and nothing is repeated: a probe that fails starts the time again, as long as before.
const breakerOf = (failures: number, recovery: string) => ({ failures, recovery, recoveryGrowth: 1, counts: 'attempts' as const })
// A budget for as many retries as there can be: what ends a call is its last attempt.
const countingCalls = <Client extends { breaker: object; retry: object }>(client: Client) => ({
  ...client,
  breaker: { ...client.breaker, counts: 'calls' as const },
  retry: { ...client.retry, budget: { ratio: 3 } },
})
const retryOf = (attempts: number, base: string) => ({ attempts, base, growth: 2 })
// Search that is down is search in what was found before.
const cachedSearch = { kind: 'cached' as const, unsafe: ['POST /query'] }

const quick = (attempt: string, failures: number, attempts = 3) => ({
  timeout: { attempt, total: '5s' },
  breaker: breakerOf(failures, '5s'),
  retry: retryOf(attempts, '100ms'),
})
const patient = (attempt: string, total: string, failures: number, recovery: string, attempts = 3) => ({
  timeout: { attempt, total },
  breaker: breakerOf(failures, recovery),
  retry: retryOf(attempts, '1s'),
})

const ci = {
  chroma: { ...quick('1s', 5), fallback: cachedSearch },
  filesystem: quick('1200ms', 5),
  billing: quick('500ms', 10, 2),
  // Its backoff is not jittered: a call of three attempts lasts more than a second, so that what counts can be told apart.
  git: { ...quick('1500ms', 5), retry: { attempts: 3, base: '400ms', growth: 2, jitter: 'none' as const } },
}

// A chat searches, is charged, and is answered; what it said is then saved, and a snapshot taken.
const steps = [
  { name: 'search', upstream: 'chroma', path: '/query', body: { query_texts: ['{query}'], n_results: 5 }, fails: 'open' as const },
  { name: 'charge', upstream: 'billing', path: '/deduct_cost', body: { user_id: '{user_id}', amount: 100 }, fails: 'closed' as const },
  {
    name: 'save',
    upstream: 'filesystem',
    path: '/save_file',
    body: { project_id: '{project_id}', path: 'chat_history.md', content: '{answer}' },
    fails: 'best_effort' as const,
  },
  {
    name: 'snapshot',
    upstream: 'git',
    path: '/snapshot/{project_id}',
    body: { message: 'after a chat answer' },
    fails: 'best_effort' as const,
  },
]

export const upstreams = { chroma, filesystem, billing, git }

const production = {
  chroma: { ...patient('15s', '55s', 5, '60s'), fallback: cachedSearch },
  filesystem: patient('20s', '70s', 5, '60s'),
  billing: patient('5s', '12s', 10, '30s', 2),
  git: patient('30s', '100s', 5, '90s'),
}

const services = { health: { service: 'writing-assistant' }, status: {}, chain: { address: '/v1/api/chat', steps } }

const recommended = withRecommended(production, recommendations)

export const gateway = reference({ ...ci, services }, { production, recommended })

/** Files, billing and Git are the team's own services, which know it by a token. Chroma is somebody else's. */
export const gatewayWithToken = reference(
  { ...ci, services, server: { internalToken: 'token-of-this-example', internalUpstreams: ['filesystem', 'billing', 'git'] } },
  { production, recommended },
)

const uncached = { ...production, chroma: patient('15s', '55s', 5, '60s') }

/** Nothing is kept of earlier searches: without Chroma a chat finds nothing. */
export const gatewayWithoutCache = reference(
  { ...ci, chroma: quick('1s', 5), services },
  { production: uncached, recommended: withRecommended(uncached, recommendations) },
)

/** The other reading of the source: of Git, a call whose attempts all failed counts one. */
export const gatewayCountingCalls = reference(
  { ...ci, git: countingCalls(ci.git) },
  {
    production: { ...production, git: countingCalls(production.git) },
    recommended: { ...recommended, git: countingCalls(recommended.git) },
  },
)

const mix = [
  chroma.query({ weight: 3 }),
  chroma.heartbeat({ weight: 1 }),
  filesystem.readFile({ weight: 2 }),
  filesystem.saveFile({ weight: 1 }),
  billing.getBalance({ weight: 2 }),
  billing.deductCost({ weight: 1 }),
  git.createSnapshot({ weight: 1 }),
  git.listSnapshots({ weight: 2 }),
]

export const load = { rate: perSecond(260), mix }

const chat = request('chat', {
  method: 'POST',
  path: '/v1/api/chat',
  bodies: Array.from({ length: 20 }, (_, at) => ({
    query: `What happens in chapter ${at + 1}?`,
    user_id: `user-${at + 1}`,
    project_id: `novel-${(at % 4) + 1}`,
  })),
  headers: { 'content-type': 'application/json' },
  // Saving and snapshots come after the answer: it stands on search and billing.
  reaches: ['chroma', 'billing'],
})

/** Chats, and one quiet route to each of the upstreams. */
export const chatLoad = {
  rate: perSecond(120),
  mix: [
    { ...chat, weight: 6 },
    chroma.heartbeat({ weight: 1 }),
    filesystem.readFile({ weight: 1 }),
    billing.getBalance({ weight: 1 }),
    git.listSnapshots({ weight: 1 }),
  ],
}
