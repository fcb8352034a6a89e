// LangWatch's API (docs.langwatch.ai/api-reference): traces of what a language model was asked and answered. Any X-Auth-Token is taken, or none.
import { BoundedMap } from '../src/upstreams/bounded-map.ts'
import { type Reply, defineUpstream } from '../src/upstreams/define.ts'
import { serveAlone } from '../src/upstreams/serve-alone.ts'

interface Trace {
  trace_id: string
  project_id: string
  metadata: Record<string, unknown>
  timestamps: { started_at: number; inserted_at: number; updated_at: number }
  input: { value: string }
  output: { value: string }
  metrics: { total_time_ms: number; prompt_tokens: number; completion_tokens: number; total_cost: number }
  spans: unknown[]
}

type Memory = BoundedMap<Trace>

// Answers depend on no clock, so every trace is of one day.
const DAY = Date.UTC(2026, 0, 5, 9)
const jsonHeaders = { 'content-type': 'application/json' }
const samples = Array.from({ length: 20 }, (_, number) => traceOf(`trace_${number + 1}`, `Why did tool call ${number + 1} fail?`, number))

export const langwatch = defineUpstream(import.meta, {
  name: 'langwatch',
  latency: { median: '40ms', sigma: 0.35 },
  state: (): Memory => new BoundedMap(samples.map((trace) => [trace.trace_id, trace])),
  routes: {
    getTrace: {
      method: 'GET',
      path: '/api/trace/{id}',
      samples: { paths: samples.map(({ trace_id: id }) => `/api/trace/${id}`) },
      reply: ({ params }, memory) => {
        const trace = memory.get(params['id'] ?? '')
        return trace ? { body: trace } : failed(404, 'Trace not found.')
      },
    },
    searchTraces: {
      method: 'POST',
      path: '/api/trace/search',
      samples: { bodies: [{ startDate: DAY, endDate: DAY + 86_400_000, pageSize: 10 }], headers: jsonHeaders },
      latency: { median: '90ms', sigma: 0.4 },
      reply: (request, memory) => {
        const { pageSize, pageOffset } = (request.json() ?? {}) as { pageSize?: unknown; pageOffset?: unknown }
        const from = whole(pageOffset, 0, memory.size)
        const traces = [...memory.values()].slice(from, from + whole(pageSize, 25, 1000))
        return { body: { traces: traces.map(summaryOf), pagination: { totalHits: memory.size } } }
      },
    },
    collect: {
      method: 'POST',
      path: '/api/collector',
      samples: {
        bodies: [{ trace_id: 'trace_new', spans: [{ type: 'llm', span_id: 'span_1', input: { type: 'text', value: 'hello' } }] }],
        headers: jsonHeaders,
      },
      reply: (request, memory) => {
        const { trace_id: id, spans } = (request.json() ?? {}) as { trace_id?: unknown; spans?: unknown }
        if (typeof id !== 'string' || !Array.isArray(spans)) return failed(400, 'Invalid trace format: trace_id and spans are required')
        memory.set(id, { ...traceOf(id, '', 0), spans: spans as unknown[] })
        return { body: { message: 'Trace received successfully.' } }
      },
    },
  },
  errorBody: (status) => ({ message: messages.get(status) ?? 'Internal server error' }),
})

const messages = new Map([
  [401, 'X-Auth-Token header is required.'],
  [404, 'Trace not found.'],
  [429, 'Rate limit exceeded, try again later.'],
  [503, 'Service unavailable'],
])

function failed(status: number, message: string): Reply {
  return { status, body: { message } }
}

/** A whole number from 0 up to `most`; what is none is `otherwise`. */
function whole(value: unknown, otherwise: number, most: number): number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 0 ? Math.min(value, most) : Math.min(otherwise, most)
}

/** A trace without its spans, as lists have it. */
function summaryOf(trace: Trace): Trace {
  return { ...trace, spans: [] }
}

function traceOf(id: string, question: string, at: number): Trace {
  const started = DAY + at * 60_000
  return {
    trace_id: id,
    project_id: 'project_debug',
    metadata: { user_id: `user_${at % 5}`, thread_id: `thread_${at % 7}`, labels: ['debug'] },
    timestamps: { started_at: started, inserted_at: started + 900, updated_at: started + 900 },
    input: { value: question },
    output: { value: 'The tool returned 404: the record had been archived.' },
    metrics: { total_time_ms: 840 + at, prompt_tokens: 120 + at, completion_tokens: 35, total_cost: 0.0004 },
    spans: [
      {
        span_id: `${id}_span_1`,
        trace_id: id,
        type: 'llm',
        name: 'answer',
        timestamps: { started_at: started, finished_at: started + 840 },
      },
    ],
  }
}

if (import.meta.main) await serveAlone(langwatch)
