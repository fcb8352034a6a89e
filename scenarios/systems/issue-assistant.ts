// Issue and wiki assistant: issues from Jira, pages from Confluence, chat sessions in MongoDB. A breaker opens after five failures within a
// minute and closes after two successes. Retry stands outside it, so that each attempt passes the breaker. MongoDB has retry alone.
import { confluence } from '../../fake-upstreams/confluence.ts'
import { jira } from '../../fake-upstreams/jira.ts'
import { mongodb } from '../../fake-upstreams/mongodb.ts'
import { perSecond, reference } from '../../src/index.ts'
import { recommendations } from './recommended/issue-assistant.ts'
import { withRecommended } from './recommended/recommendation.ts'

const breaker = { failures: 5, within: '60s', recovery: '5s', recoveryGrowth: 1, successes: 2 } as const
// Neither says that a request is worth repeating: a 404 is the caller's error.
const retry = { attempts: 3, base: '100ms', max: '1s', never: ['404', '501'] }
const timeout = { attempt: '1s', total: '5s' } as const
const fallback = { kind: 'cached' as const }
const session = { attempts: 3, base: '50ms', max: '500ms' } as const

const slow = { attempt: '10s', total: '35s' } as const
const patient = { timeout: slow, breaker: { ...breaker, recovery: '30s' }, retry: { ...retry, base: '1s', max: '10s' }, fallback }

const production = {
  jira: patient,
  confluence: patient,
  mongodb: { timeout: slow, retry: { ...session, base: '500ms', max: '5s' } },
} as const

export const upstreams = { jira, confluence, mongodb }

export const gateway = reference(
  {
    jira: { timeout, breaker, retry, fallback },
    confluence: { timeout, breaker, retry, fallback },
    mongodb: { timeout, retry: session },
  },
  { production, recommended: withRecommended(production, recommendations) },
)

/** All that the assistant asks: six calls of Jira, four of Confluence, four of MongoDB. */
const mix = [
  jira.serverInfo({ weight: 2 }),
  jira.search({ weight: 3 }),
  jira.getIssue({ weight: 3 }),
  jira.createIssue({ weight: 1 }),
  jira.listProjects({ weight: 2 }),
  jira.listIssueTypes({ weight: 2 }),
  confluence.listSpaces({ weight: 2 }),
  confluence.pagesInSpace({ weight: 2 }),
  confluence.getPage({ weight: 3 }),
  confluence.search({ weight: 2 }),
  mongodb.createSession({ weight: 1 }),
  mongodb.ensureSession({ weight: 2 }),
  mongodb.sessionHistory({ weight: 3 }),
  mongodb.updateSession({ weight: 2 }),
]

export const load = { rate: perSecond(280), mix }
