// A vector store: the writing assistant's own service in front of Chroma (/query, /add, /update), and Chroma's API, v2 (docs.trychroma.com), that
// its clients speak. Nearness is not computed: an answer depends on the question alone.
import { createHash } from 'node:crypto'
import { BoundedMap } from '../src/upstreams/bounded-map.ts'
import { type Reply, type UpstreamRequest, defineUpstream } from '../src/upstreams/define.ts'
import { serveAlone } from '../src/upstreams/serve-alone.ts'

interface Entry {
  id: string
  document: string | null
  metadata: Record<string, unknown> | null
}

interface Collection {
  id: string
  name: string
  metadata: Record<string, unknown> | null
  /** By id. */
  entries: BoundedMap<Entry>
}

/** Collections by name. */
type Memory = BoundedMap<Collection>

const OWN = 'chapters'
const DATABASE = '/api/v2/tenants/{tenant}/databases/{database}'
const HERE = '/api/v2/tenants/default_tenant/databases/default_database'
const jsonHeaders = { 'content-type': 'application/json' }
const samples = Array.from({ length: 20 }, (_, at): Entry => ({
  id: `chunk-${at + 1}`,
  document: `Chapter ${at + 1}: the lighthouse keeper writes another letter.`,
  metadata: { project: `novel-${(at % 4) + 1}` },
}))
const questions = Array.from({ length: 20 }, (_, at) => ({ query_texts: [`What happens in chapter ${at + 1}?`], n_results: 5 }))
const added = { ids: ['chunk-new'], documents: ['A new paragraph.'], metadatas: [{ project: 'novel-1' }] }
const inOwn = `${HERE}/collections/${uuidOf(OWN)}`

export const chroma = defineUpstream(import.meta, {
  name: 'chroma',
  latency: { median: '35ms', sigma: 0.5 },
  state: (): Memory => new BoundedMap([[OWN, collectionOf(OWN, null, samples)]], 100),
  routes: {
    query: own('/query', questions, (request, collection) => nearest(request, collection)),
    add: own('/add', [added], (request, collection) => stored(request, collection, 201)),
    update: own('/update', [added], (request, collection) => stored(request, collection, 200)),
    heartbeat: { method: 'GET', path: '/api/v2/heartbeat', latency: '2ms', reply: () => ({ body: { 'nanosecond heartbeat': 1 } }) },
    version: {
      method: 'GET',
      path: '/api/v2/version',
      latency: '2ms',
      reply: () => ({ body: '"1.0.0"', headers: { 'content-type': 'application/json' } }),
    },
    preFlightChecks: {
      method: 'GET',
      path: '/api/v2/pre-flight-checks',
      latency: '2ms',
      reply: () => ({ body: { max_batch_size: 1000, supports_base64_encoding: false } }),
    },
    identity: {
      method: 'GET',
      path: '/api/v2/auth/identity',
      latency: '2ms',
      reply: ({ headers }) => ({
        // To somebody outside, the token of a caller's own services says more than it should.
        headers: { 'x-known-as': headers['x-internal-token'] === undefined ? 'nobody' : 'a service' },
        body: { user_id: '', tenant: 'default_tenant', databases: ['default_database'] },
      }),
    },
    createCollection: {
      method: 'POST',
      path: `${DATABASE}/collections`,
      samples: { paths: [`${HERE}/collections`], bodies: [{ name: OWN, get_or_create: true }], headers: jsonHeaders },
      reply: (request, memory) => {
        const {
          name,
          metadata = null,
          get_or_create: mayExist,
        } = (request.json() ?? {}) as Partial<Collection> & { get_or_create?: boolean }
        if (typeof name !== 'string' || name === '') return failed(400, 'InvalidArgumentError', 'Expected a name of 3 to 512 characters')
        const known = memory.get(name)
        if (known && !mayExist) return failed(409, 'ChromaError', `Collection [${name}] already exists`)
        const collection = known ?? collectionOf(name, metadata)
        if (!known) memory.set(name, collection)
        return { body: shown(collection, request) }
      },
    },
    listCollections: {
      method: 'GET',
      path: `${DATABASE}/collections`,
      samples: { paths: [`${HERE}/collections`] },
      reply: (request, memory) => ({ body: [...memory.values()].map((collection) => shown(collection, request)) }),
    },
    countCollections: {
      method: 'GET',
      path: `${DATABASE}/collections_count`,
      samples: { paths: [`${HERE}/collections_count`] },
      reply: (_request, memory) => ({ body: memory.size }),
    },
    getCollection: {
      method: 'GET',
      path: `${DATABASE}/collections/{name}`,
      samples: { paths: [`${HERE}/collections/${OWN}`] },
      reply: (request, memory) => {
        const { name = '' } = request.params
        const collection = memory.get(name)
        return collection ? { body: shown(collection, request) } : noCollection(name)
      },
    },
    deleteCollection: {
      method: 'DELETE',
      path: `${DATABASE}/collections/{name}`,
      samples: { paths: [`${HERE}/collections/${OWN}`] },
      reply: ({ params: { name = '' } }, memory) => (memory.delete(name) ? { body: {} } : noCollection(name)),
    },
    collectionCount: { ...within('count', undefined, (_request, { entries }) => ({ body: entries.size })), method: 'GET' },
    collectionAdd: within('add', added, (request, collection) => stored(request, collection, 201)),
    collectionUpdate: within('update', added, (request, collection) => stored(request, collection, 200)),
    collectionUpsert: within('upsert', added, (request, collection) => stored(request, collection, 200)),
    collectionQuery: within('query', { query_embeddings: [[0.1, 0.2]], n_results: 5 }, (request, collection) =>
      nearest(request, collection),
    ),
    collectionDelete: within('delete', { ids: ['chunk-1'] }, (request, { entries }) => {
      const { ids } = (request.json() ?? {}) as { ids?: unknown }
      if (!Array.isArray(ids)) return failed(400, 'InvalidArgumentError', 'ids must be a list of texts')
      return { body: { deleted: ids.filter((id: string) => entries.delete(id)).length } }
    }),
    collectionGet: within('get', { limit: 5 }, (request, { entries }) => {
      const { ids, limit } = (request.json() ?? {}) as { ids?: unknown; limit?: unknown }
      const wanted = Array.isArray(ids) ? new Set<unknown>(ids) : undefined
      const found = [...entries.values()]
        .filter(({ id }) => !wanted || wanted.has(id))
        .slice(0, typeof limit === 'number' ? limit : undefined)
      return { body: { ...columns(found), embeddings: null, uris: null, include: ['documents', 'metadatas'] } }
    }),
  },
  errorBody: (status) => ({ error: status === 404 ? 'NotFoundError' : 'InternalError', message: 'the vector store cannot answer now' }),
})

type Answer = (request: UpstreamRequest, collection: Collection) => Reply

/** A call of the service in front, which has one collection. */
function own(path: string, bodies: unknown[], reply: Answer) {
  return {
    method: 'POST',
    path,
    samples: { bodies, headers: jsonHeaders },
    reply: (request: UpstreamRequest, memory: Memory): Reply => reply(request, memory.get(OWN)!),
  }
}

/** A call of Chroma's own API on one collection. */
function within(verb: string, body: object | undefined, reply: Answer) {
  return {
    method: 'POST',
    path: `${DATABASE}/collections/{id}/${verb}`,
    samples: { paths: [`${inOwn}/${verb}`], ...(body !== undefined && { bodies: [body], headers: jsonHeaders }) },
    reply: (request: UpstreamRequest, memory: Memory): Reply => {
      const { id = '' } = request.params
      const collection = [...memory.values()].find((one) => one.id === id)
      return collection ? reply(request, collection) : noCollection(id)
    },
  }
}

function nearest(request: UpstreamRequest, { entries }: Collection): Reply {
  const { query_texts: texts, query_embeddings: vectors, n_results: results } = (request.json() ?? {}) as Record<string, unknown>
  const asked = Array.isArray(texts) ? texts : Array.isArray(vectors) ? vectors : undefined
  if (!asked) return failed(400, 'InvalidArgumentError', 'query_texts or query_embeddings are required')
  const count = typeof results === 'number' && results > 0 ? Math.trunc(results) : 10
  const all = [...entries.values()]
  const found = asked.map(() => {
    const from = request.random.integer(Math.max(1, all.length))
    return Array.from({ length: Math.min(count, all.length) }, (_, at) => all[(from + at) % all.length]!)
  })
  return {
    body: {
      ids: found.map((some) => some.map(({ id }) => id)),
      documents: found.map((some) => some.map(({ document }) => document)),
      metadatas: found.map((some) => some.map(({ metadata }) => metadata)),
      distances: found.map((some) => some.map((_, at) => Number((0.1 + at * 0.05).toFixed(2)))),
      embeddings: null,
      uris: null,
      include: ['documents', 'metadatas', 'distances'],
    },
  }
}

function stored(request: UpstreamRequest, { entries }: Collection, status: number): Reply {
  const { ids, documents, metadatas } = (request.json() ?? {}) as Record<string, unknown>
  if (!Array.isArray(ids) || !ids.every((id) => typeof id === 'string'))
    return failed(400, 'InvalidArgumentError', 'ids must be a list of texts')
  for (const [at, id] of ids.entries()) entries.set(id, { id, document: nth(documents, at), metadata: nth(metadatas, at) })
  return { status, body: {} }
}

function nth<Value>(list: unknown, at: number): Value | null {
  return Array.isArray(list) ? ((list[at] as Value | undefined) ?? null) : null
}

function columns(found: readonly Entry[]) {
  return {
    ids: found.map(({ id }) => id),
    documents: found.map(({ document }) => document),
    metadatas: found.map(({ metadata }) => metadata),
  }
}

function shown({ id, name, metadata }: Collection, { params }: UpstreamRequest) {
  const { tenant = 'default_tenant', database = 'default_database' } = params
  return { id, name, metadata, tenant, database, dimension: null, configuration_json: {}, version: 0, log_position: 0 }
}

function collectionOf(name: string, metadata: Collection['metadata'], entries: readonly Entry[] = []): Collection {
  return { id: uuidOf(name), name, metadata, entries: new BoundedMap(entries.map((entry) => [entry.id, entry])) }
}

/** A UUID in the form of version 4. The same name gives the same UUID. */
function uuidOf(name: string): string {
  const hex = createHash('sha256').update(name).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

const noCollection = (which: string): Reply => failed(404, 'NotFoundError', `Collection [${which}] does not exist`)

function failed(status: number, error: string, message: string): Reply {
  return { status, body: { error, message } }
}

if (import.meta.main) await serveAlone(chroma)
