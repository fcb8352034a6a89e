// Confluence Cloud's REST API, v2, and the search of v1 (developer.atlassian.com/cloud/confluence/rest): what a wiki assistant reads.
import { type Reply, defineUpstream } from '../src/upstreams/define.ts'
import { serveAlone } from '../src/upstreams/serve-alone.ts'

// Answers depend on no clock, so every page is of one day.
const TIME = '2026-01-05T09:00:00.000Z'
const spaces = ['DOCS', 'RUNBOOK'].map((key, at) => ({
  id: String(65_536 + at),
  key,
  name: `Space ${key}`,
  type: 'global',
  status: 'current',
  _links: { webui: `/spaces/${key}` },
}))
const pages = Array.from({ length: 20 }, (_, at) => ({
  id: String(98_304 + at),
  status: 'current',
  title: `How we handle incident ${at + 1}`,
  spaceId: spaces[at % spaces.length]!.id,
  createdAt: TIME,
  version: { number: 1, createdAt: TIME },
}))

/** A page's text, which the service gives when it is asked for. */
const bodyOf = ({ title }: { title: string }) => ({ representation: 'storage', value: `<p>${title}: first, look at the breaker.</p>` })

export const confluence = defineUpstream(import.meta, {
  name: 'confluence',
  latency: { median: '50ms', sigma: 0.4 },
  routes: {
    listSpaces: {
      method: 'GET',
      path: '/wiki/api/v2/spaces',
      samples: { paths: ['/wiki/api/v2/spaces?limit=25'] },
      latency: { median: '25ms', sigma: 0.3 },
      reply: () => ({ body: { results: spaces, _links: {} } }),
    },
    pagesInSpace: {
      method: 'GET',
      path: '/wiki/api/v2/spaces/{id}/pages',
      samples: { paths: spaces.map(({ id }) => `/wiki/api/v2/spaces/${id}/pages?limit=25`) },
      reply: ({ params, query }) => {
        const { id } = params
        if (!spaces.some((space) => space.id === id)) return failed(404, 'Not Found', `Could not find space with id ${id}`)
        const results = pages.filter(({ spaceId }) => spaceId === id).slice(0, limitOf(query))
        return { body: { results, _links: {} } }
      },
    },
    getPage: {
      method: 'GET',
      path: '/wiki/api/v2/pages/{id}',
      samples: { paths: pages.map(({ id }) => `/wiki/api/v2/pages/${id}?body-format=storage`) },
      reply: ({ params, query }) => {
        const page = pages.find(({ id }) => id === params['id'])
        if (!page) return failed(404, 'Not Found', `Could not find page with id ${params['id']}`)
        return { body: { ...page, body: query.get('body-format') === 'storage' ? { storage: bodyOf(page) } : {} } }
      },
    },
    search: {
      method: 'GET',
      path: '/wiki/rest/api/search',
      samples: { paths: ['/wiki/rest/api/search?cql=text%20~%20%22incident%22&limit=10'] },
      latency: { median: '120ms', sigma: 0.5 },
      reply: ({ query }) => {
        if (!query.get('cql')) return failed(400, 'Bad Request', 'CQL query is required')
        const results = pages.slice(0, limitOf(query)).map(({ id, title }) => ({
          content: { id, type: 'page', status: 'current', title },
          title,
          url: `/spaces/DOCS/pages/${id}`,
          breadcrumbs: [],
          entityType: 'content',
          iconCssClass: 'aui-icon content-type-page',
          excerpt: bodyOf({ title }).value.replaceAll(/<[^>]*>/g, ''),
          lastModified: TIME,
        }))
        const page = { results, start: 0, limit: limitOf(query), size: results.length, totalSize: pages.length }
        return { body: { ...page, cqlQuery: query.get('cql'), searchDuration: 12, _links: {} } }
      },
    },
  },
  errorBody: (status) => failureBody(status, titles.get(status) ?? 'Internal Server Error'),
})

const titles = new Map([
  [401, 'Unauthorized'],
  [404, 'Not Found'],
  [429, 'Too Many Requests'],
  [503, 'Service Unavailable'],
])

function failureBody(status: number, title: string, detail: string | null = null) {
  return { errors: [{ status, code: title.toUpperCase().replaceAll(' ', '_'), title, detail }] }
}

function failed(status: number, title: string, detail: string): Reply {
  return { status, body: failureBody(status, title, detail) }
}

function limitOf(query: URLSearchParams): number {
  return Math.min(250, Math.max(1, Math.trunc(Number(query.get('limit'))) || 25))
}

if (import.meta.main) await serveAlone(confluence)
