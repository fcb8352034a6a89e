// Google's Cloud Firestore by its REST API, v1 (firebase.google.com/docs/firestore/reference/rest): documents, queries and transactions.
import { BoundedMap } from '../src/upstreams/bounded-map.ts'
import { type Reply, type UpstreamRequest, defineUpstream } from '../src/upstreams/define.ts'
import { idsOf } from '../src/upstreams/made-ids.ts'
import { serveAlone } from '../src/upstreams/serve-alone.ts'

interface Document {
  name: string
  fields: Record<string, unknown>
  createTime: string
  updateTime: string
}

interface Memory {
  /** By full name. */
  documents: BoundedMap<Document>
  /** Transactions that were begun and are neither committed nor rolled back. */
  transactions: BoundedMap<true>
}

// Answers depend on no clock, so every document is of one day.
const TIME = '2026-01-05T09:00:00.000000Z'
const DATABASE = '/v1/projects/{project}/databases/{database}/documents'
const HERE = '/v1/projects/debug-toolkit/databases/(default)/documents'
const jsonHeaders = { 'content-type': 'application/json' }

const samples = Array.from({ length: 20 }, (_, number) =>
  documentOf(`${HERE.slice('/v1/'.length)}/traces/trace_${number + 1}`, { synced: { booleanValue: number % 2 === 0 } }),
)
const paths = samples.map(({ name }) => `/v1/${name}`)
const fields = { fields: { synced: { booleanValue: true } } }

export const firestore = defineUpstream(import.meta, {
  name: 'firestore',
  latency: { median: '15ms', sigma: 0.35 },
  state: (): Memory => ({
    documents: new BoundedMap(samples.map((document) => [document.name, { ...document }])),
    transactions: new BoundedMap(),
  }),
  routes: {
    getDocument: {
      method: 'GET',
      path: `${DATABASE}/{collection}/{document}`,
      samples: { paths },
      reply: (request, { documents }) => {
        const document = documents.get(nameOf(request))
        return document ? { body: document } : failed(404, `Document "${nameOf(request)}" not found.`)
      },
    },
    patchDocument: {
      method: 'PATCH',
      path: `${DATABASE}/{collection}/{document}`,
      samples: { paths, bodies: [fields], headers: jsonHeaders },
      reply: (request, { documents }) => {
        const { fields: given } = (request.json() ?? {}) as { fields?: unknown }
        if (typeof given !== 'object' || given === null) return failed(400, 'Invalid JSON payload received.')
        return { body: written(documents, nameOf(request), given as Document['fields']) }
      },
    },
    deleteDocument: {
      method: 'DELETE',
      path: `${DATABASE}/{collection}/{document}`,
      samples: { paths: [`${HERE}/traces/gone`] },
      reply: (request, { documents }) => {
        documents.delete(nameOf(request))
        return { body: {} }
      },
    },
    listDocuments: {
      method: 'GET',
      path: `${DATABASE}/{collection}`,
      samples: { paths: [`${HERE}/traces?pageSize=10`] },
      reply: ({ params, query }, { documents }) => {
        const size = Math.min(300, Math.max(1, Math.trunc(Number(query.get('pageSize'))) || 20))
        const all = inCollection(documents, params['collection'])
        const token = query.get('pageToken')
        const from = token ? all.findIndex((document) => pageTokenOf(document) === token) + 1 : 0
        if (token && from === 0) return failed(400, 'Invalid page token.')
        const page = all.slice(from, from + size)
        return { body: { documents: page, ...(from + size < all.length && { nextPageToken: pageTokenOf(page.at(-1)!) }) } }
      },
    },
    createDocument: {
      method: 'POST',
      path: `${DATABASE}/{collection}`,
      samples: { paths: [`${HERE}/runs`], bodies: [fields], headers: jsonHeaders },
      reply: (request, { documents }) => {
        const { fields: given = {} } = (request.json() ?? {}) as { fields?: Document['fields'] }
        const id = request.query.get('documentId') ?? autoId(request.random)
        const name = `${request.path.slice('/v1/'.length)}/${id}`
        if (documents.has(name)) return failed(409, `Document already exists: ${name}`)
        return { body: written(documents, name, given) }
      },
    },
    runQuery: {
      method: 'POST',
      path: `${DATABASE}:runQuery`,
      samples: {
        paths: [`${HERE}:runQuery`],
        bodies: [{ structuredQuery: { from: [{ collectionId: 'traces' }], limit: 10 } }],
        headers: jsonHeaders,
      },
      latency: { median: '30ms', sigma: 0.4 },
      reply: (request, { documents }) => {
        const { structuredQuery } = (request.json() ?? {}) as { structuredQuery?: { from?: { collectionId?: string }[]; limit?: unknown } }
        const collection = structuredQuery?.from?.[0]?.collectionId
        if (typeof collection !== 'string') return failed(400, 'Query FROM is required.')
        const limit = typeof structuredQuery?.limit === 'number' ? structuredQuery.limit : 100
        return {
          body: inCollection(documents, collection)
            .slice(0, limit)
            .map((document) => ({ document, readTime: TIME })),
        }
      },
    },
    batchGetDocuments: {
      method: 'POST',
      path: `${DATABASE}:batchGet`,
      samples: {
        paths: [`${HERE}:batchGet`],
        bodies: [{ documents: samples.slice(0, 2).map(({ name }) => name) }],
        headers: jsonHeaders,
      },
      latency: { median: '20ms', sigma: 0.4 },
      reply: (request, { documents, transactions }) => {
        const { documents: names, newTransaction } = (request.json() ?? {}) as { documents?: unknown; newTransaction?: unknown }
        if (!Array.isArray(names)) return failed(400, 'Invalid JSON payload received.')
        const found = names.map((each) => {
          const document = documents.get(String(each))
          return document ? { found: document, readTime: TIME } : { missing: String(each), readTime: TIME }
        })
        // The transaction that the reads begin is told before them.
        const begun = newTransaction === undefined ? [] : [{ transaction: begin(request, transactions) }]
        return { body: [...begun, ...found] }
      },
    },
    beginTransaction: {
      method: 'POST',
      path: `${DATABASE}:beginTransaction`,
      samples: { paths: [`${HERE}:beginTransaction`], bodies: [{ options: { readWrite: {} } }], headers: jsonHeaders },
      reply: (request, { transactions }) => ({ body: { transaction: begin(request, transactions) } }),
    },
    commit: {
      method: 'POST',
      path: `${DATABASE}:commit`,
      samples: {
        paths: [`${HERE}:commit`],
        bodies: [{ writes: [{ update: { name: samples[0]!.name, ...fields } }] }],
        headers: jsonHeaders,
      },
      latency: { median: '25ms', sigma: 0.4 },
      reply: (request, { documents, transactions }) => {
        const { writes, transaction } = (request.json() ?? {}) as { writes?: unknown; transaction?: unknown }
        if (transaction !== undefined && !(typeof transaction === 'string' && transactions.delete(transaction)))
          return failed(400, 'The referenced transaction has expired or is no longer valid.')
        const all = (Array.isArray(writes) ? writes : []) as { update?: Partial<Document>; delete?: string }[]
        for (const write of all) {
          if (typeof write?.update?.name === 'string') written(documents, write.update.name, write.update.fields ?? {})
          if (typeof write?.delete === 'string') documents.delete(write.delete)
        }
        return { body: { writeResults: all.map(() => ({ updateTime: TIME })), commitTime: TIME } }
      },
    },
    rollback: {
      method: 'POST',
      path: `${DATABASE}:rollback`,
      samples: { paths: [`${HERE}:rollback`], bodies: [{ transaction: 'bm9uZQ==' }], headers: jsonHeaders },
      reply: (request, { transactions }) => {
        const { transaction } = (request.json() ?? {}) as { transaction?: unknown }
        if (typeof transaction === 'string') transactions.delete(transaction)
        return { body: {} }
      },
    },
  },
  errorBody: (status) => failureBody(status, status === 404 ? 'Requested entity was not found.' : 'The service is currently unavailable.'),
})

/** Names of google.rpc.Code by HTTP status (google/rpc/code.proto). */
const rpcStatus = new Map([
  [400, 'INVALID_ARGUMENT'],
  [404, 'NOT_FOUND'],
  [409, 'ALREADY_EXISTS'],
  [429, 'RESOURCE_EXHAUSTED'],
  [500, 'INTERNAL'],
  [503, 'UNAVAILABLE'],
  [504, 'DEADLINE_EXCEEDED'],
])

function failureBody(code: number, message: string) {
  return { error: { code, message, status: rpcStatus.get(code) ?? 'UNKNOWN' } }
}

function failed(status: number, message: string): Reply {
  return { status, body: failureBody(status, message) }
}

function nameOf({ path }: UpstreamRequest): string {
  return decodeURI(path).slice('/v1/'.length)
}

function begin(request: UpstreamRequest, transactions: Memory['transactions']): string {
  const transaction = Buffer.from(autoId(request.random)).toString('base64')
  transactions.set(transaction, true)
  return transaction
}

function inCollection(documents: BoundedMap<Document>, collection: string | undefined): Document[] {
  return [...documents.values()].filter(({ name }) => name.split('/').at(-2) === collection)
}

/** The next page begins after this document. */
function pageTokenOf({ name }: Document): string {
  return Buffer.from(name).toString('base64url')
}

function written(documents: BoundedMap<Document>, name: string, given: Document['fields']): Document {
  const document = documentOf(name, { ...documents.get(name)?.fields, ...given })
  documents.set(name, document)
  return document
}

function documentOf(name: string, given: Document['fields']): Document {
  return { name, fields: given, createTime: TIME, updateTime: TIME }
}

/** Twenty letters and digits, as the service gives. */
const autoId = idsOf('0123456789abcdefghijklmnopqrstuvwxyz', 20)

if (import.meta.main) await serveAlone(firestore)
