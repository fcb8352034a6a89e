// An OpenSearch node of one's own (docs.opensearch.org: search and document APIs, thread pools). Its pool for searches has so many threads,
// and a queue of a fixed length in front. What finds no place in the queue is rejected at once.
import { serveAlone } from '../src/upstreams/serve-alone.ts'
import { type Reply, defineUpstream } from '../src/upstreams/define.ts'

const PRODUCTS = ['kettle', 'lamp', 'chair', 'desk', 'shelf', 'clock'].map((title, at) => ({ title, price: 20 + 7 * at }))

const hit = (product: (typeof PRODUCTS)[number], at: number) => ({ _index: 'products', _id: String(at + 1), _score: 1, _source: product })

const failure = (status: number, type: string, reason: string): unknown => ({
  error: { root_cause: [{ type, reason }], type, reason },
  status,
})

export const opensearch = defineUpstream(import.meta, {
  name: 'opensearch',
  latency: { median: '40ms', sigma: 0.2 },
  capacity: { workers: 5, queue: 100 },
  routes: {
    search: {
      method: 'GET',
      path: '/{index}/_search',
      samples: { paths: ['/products/_search?q=lamp', '/products/_search?q=desk', '/products/_search'] },
      reply({ query }): Reply {
        const words = (query.get('q') ?? '').toLowerCase()
        const hits = PRODUCTS.map(hit).filter(({ _source: { title } }) => title.includes(words))
        return {
          body: {
            took: 5,
            timed_out: false,
            _shards: { total: 1, successful: 1, skipped: 0, failed: 0 },
            hits: { total: { value: hits.length, relation: 'eq' }, max_score: hits.length > 0 ? 1 : null, hits },
          },
        }
      },
    },
    getDocument: {
      method: 'GET',
      path: '/{index}/_doc/{id}',
      samples: { paths: ['/products/_doc/1', '/products/_doc/4'] },
      reply({ params: { index, id } }): Reply {
        const product = PRODUCTS[Number(id) - 1]
        if (!product) return { status: 404, body: { _index: index, _id: id, found: false } }
        return { body: { _index: index, _id: id, _version: 1, _seq_no: 0, _primary_term: 1, found: true, _source: product } }
      },
    },
  },
  errorBody: (status) =>
    failure(status, 'rejected_execution_exception', 'rejected execution on EsThreadPoolExecutor[name = node/search, queue capacity = 100]'),
})

if (import.meta.main) await serveAlone(opensearch)
