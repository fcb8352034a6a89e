// Jira Cloud's REST API, v3 (developer.atlassian.com/cloud/jira/platform/rest/v3): what an issue assistant asks of it. Any credentials are taken, or none.
import { BoundedMap } from '../src/upstreams/bounded-map.ts'
import { type Reply, defineUpstream } from '../src/upstreams/define.ts'
import { serveAlone } from '../src/upstreams/serve-alone.ts'

interface Issue {
  id: string
  key: string
  self: string
  fields: Record<string, unknown>
}

interface Memory {
  /** By key. */
  issues: BoundedMap<Issue>
  created: number
}

const HOST = 'https://example.atlassian.net'
// Answers depend on no clock, so every issue is of one day.
const TIME = '2026-01-05T09:00:00.000+0000'
const jsonHeaders = { 'content-type': 'application/json' }
const issueTypes = ['Task', 'Bug', 'Story'].map((name, at) => ({
  id: String(10_001 + at),
  name,
  subtask: false,
  self: `${HOST}/rest/api/3/issuetype/${10_001 + at}`,
}))
const projects = ['ASSIST', 'OPS'].map((key, at) => ({
  id: String(10_000 + at),
  key,
  name: `Project ${key}`,
  projectTypeKey: 'software',
  self: `${HOST}/rest/api/3/project/${10_000 + at}`,
}))
const samples = Array.from({ length: 20 }, (_, at) => issueOf(at + 1, { summary: `The assistant answers question ${at + 1} twice` }))

export const jira = defineUpstream(import.meta, {
  name: 'jira',
  latency: { median: '60ms', sigma: 0.4 },
  state: (): Memory => ({ issues: new BoundedMap(samples.map((issue) => [issue.key, issue])), created: samples.length }),
  routes: {
    serverInfo: {
      method: 'GET',
      path: '/rest/api/3/serverInfo',
      latency: '10ms',
      reply: () => ({
        body: { baseUrl: HOST, version: '1001.0.0-SNAPSHOT', versionNumbers: [1001, 0, 0], deploymentType: 'Cloud', serverTitle: 'Jira' },
      }),
    },
    search: {
      method: 'GET',
      path: '/rest/api/3/search/jql',
      samples: {
        paths: [
          '/rest/api/3/search/jql?jql=project%20%3D%20ASSIST&maxResults=50',
          '/rest/api/3/search/jql?jql=text%20~%20%22twice%22&maxResults=50',
        ],
      },
      latency: { median: '140ms', sigma: 0.5 },
      reply: ({ query }, { issues }) => found(issues, query.get('jql'), query.get('maxResults')),
    },
    searchByPost: {
      method: 'POST',
      path: '/rest/api/3/search/jql',
      samples: { bodies: [{ jql: 'project = ASSIST', maxResults: 50, fields: ['summary'] }], headers: jsonHeaders },
      latency: { median: '140ms', sigma: 0.5 },
      reply: (request, { issues }) => {
        const { jql, maxResults } = (request.json() ?? {}) as { jql?: unknown; maxResults?: unknown }
        return found(issues, typeof jql === 'string' ? jql : null, typeof maxResults === 'number' ? String(maxResults) : null)
      },
    },
    getIssue: {
      method: 'GET',
      path: '/rest/api/3/issue/{key}',
      samples: { paths: samples.map(({ key }) => `/rest/api/3/issue/${key}`) },
      reply: ({ params }, { issues }) => {
        const issue = issues.get(params['key'] ?? '')
        return issue ? { body: issue } : failed(404, 'Issue does not exist or you do not have permission to see it.')
      },
    },
    createIssue: {
      method: 'POST',
      path: '/rest/api/3/issue',
      samples: {
        bodies: [{ fields: { project: { key: 'ASSIST' }, issuetype: { name: 'Task' }, summary: 'Look into the doubled answers' } }],
        headers: jsonHeaders,
      },
      latency: { median: '120ms', sigma: 0.4 },
      reply: (request, memory) => {
        const { fields } = (request.json() ?? {}) as { fields?: Record<string, unknown> }
        if (typeof fields?.['summary'] !== 'string')
          return { status: 400, body: { errorMessages: [], errors: { summary: 'You must specify a summary of the issue.' } } }
        const issue = issueOf(++memory.created, fields)
        memory.issues.set(issue.key, issue)
        const { id, key, self } = issue
        return { status: 201, body: { id, key, self } }
      },
    },
    listProjects: {
      method: 'GET',
      path: '/rest/api/3/project',
      latency: { median: '30ms', sigma: 0.3 },
      reply: () => ({ body: projects }),
    },
    searchProjects: {
      method: 'GET',
      path: '/rest/api/3/project/search',
      latency: { median: '30ms', sigma: 0.3 },
      reply: () => ({ body: { startAt: 0, maxResults: 50, total: projects.length, isLast: true, values: projects } }),
    },
    listIssueTypes: {
      method: 'GET',
      path: '/rest/api/3/issuetype',
      latency: { median: '20ms', sigma: 0.3 },
      reply: () => ({ body: issueTypes }),
    },
  },
  errorBody: (status) => failureBody(messages.get(status) ?? 'Internal server error'),
})

const messages = new Map([
  [401, 'Client must be authenticated to access this resource.'],
  [404, 'Issue does not exist or you do not have permission to see it.'],
  [429, 'Rate limit exceeded.'],
  [503, 'Jira is temporarily unavailable.'],
])

function failureBody(message: string) {
  return { errorMessages: [message], errors: {} }
}

function failed(status: number, message: string): Reply {
  return { status, body: failureBody(message) }
}

/** Of JQL it reads `project = KEY` alone; any other query finds everything. The newest come first, as with the default order. */
function found(issues: BoundedMap<Issue>, jql: string | null, maxResults: string | null): Reply {
  if (!jql) return failed(400, 'Unbounded JQL queries are not allowed here. Please add a search restriction to your query.')
  const [, project] = /\bproject\s*=\s*"?(\w+)"?/i.exec(jql) ?? []
  const limit = Math.min(100, Math.max(1, Math.trunc(Number(maxResults)) || 50))
  const matching = [...issues.values()].filter(({ key }) => project === undefined || key.startsWith(`${project.toUpperCase()}-`))
  return { body: { issues: matching.toReversed().slice(0, limit), isLast: matching.length <= limit } }
}

function issueOf(number: number, fields: Record<string, unknown>): Issue {
  const id = String(20_000 + number)
  const project = fields['project'] as { key?: unknown } | undefined
  const key = `${typeof project?.key === 'string' ? project.key.toUpperCase() : 'ASSIST'}-${number}`
  return {
    id,
    key,
    self: `${HOST}/rest/api/3/issue/${id}`,
    fields: { issuetype: issueTypes[0], project: projects[0], status: { name: 'To Do' }, created: TIME, updated: TIME, ...fields },
  }
}

if (import.meta.main) await serveAlone(jira)
