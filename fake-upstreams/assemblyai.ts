// AssemblyAI's transcription API, v2 (assemblyai.com/docs/api-reference): upload, submit, poll until completed. Any API key is taken, or none.
import { hash } from 'node:crypto'
import { BoundedMap } from '../src/upstreams/bounded-map.ts'
import { uuid } from '../src/upstreams/made-ids.ts'
import { perBody } from '../src/upstreams/per-body.ts'
import { serveAlone } from '../src/upstreams/serve-alone.ts'
import { defineUpstream, type Reply } from '../src/upstreams/define.ts'
import { BLANK, jsonForm, writtenJson, type WrittenJson } from '../src/upstreams/written-json.ts'

type Status = 'queued' | 'processing' | 'completed'

interface Transcript {
  id: string
  audioUrl: string
  /** The options it was submitted with, which every answer repeats. */
  options: Record<string, unknown>
  /** Each poll moves it one step on: queued, processing, completed. */
  polls: number
  deleted: boolean
  /** What it is shown as, once it is completed. */
  written?: WrittenJson | undefined
}

/** Transcripts by id, oldest first. */
type Memory = BoundedMap<Transcript>

const words = 'welcome back to the show today we talk about what happens when the services we depend on go away'.split(' ')
// Twenty finished transcripts that are always there, for load that only reads.
const samples = Array.from({ length: 20 }, (_, number): Transcript => {
  const audioUrl = `https://cdn.assemblyai.com/upload/episode-${number + 1}`
  const sample = { id: uuidOf(audioUrl), audioUrl, options: {}, polls: 2, deleted: false }
  return { ...sample, written: writtenJson(fieldsOf(sample)) }
})
const jsonHeaders = { 'content-type': 'application/json' }

export const assemblyai = defineUpstream(import.meta, {
  name: 'assemblyai',
  latency: { median: '25ms', sigma: 0.3 },
  state: (): Memory => new BoundedMap(samples.map((sample) => [sample.id, { ...sample }])),
  routes: {
    upload: {
      method: 'POST',
      path: '/v2/upload',
      samples: { headers: { 'content-type': 'application/octet-stream' }, bodies: ['audio'] },
      latency: { median: '60ms', sigma: 0.3 },
      reply: ({ body }) =>
        body.length > 0
          ? { body: { upload_url: `https://cdn.assemblyai.com/upload/${hash('sha256', body).slice(0, 32)}` } }
          : failed(400, 'The request body is empty'),
    },
    createTranscript: {
      method: 'POST',
      path: '/v2/transcript',
      samples: { bodies: samples.map(({ audioUrl }) => ({ audio_url: audioUrl })), headers: jsonHeaders },
      reply: (request, memory) => {
        const { audioUrl, options, form } = submission(request)
        if (audioUrl === '') return failed(400, 'audio_url is required')
        const id = uuid(request.random)
        const transcript = { id, audioUrl, options, polls: 0, deleted: false, written: undefined }
        memory.add(id, transcript)
        return { body: form?.(id) ?? fieldsOf(transcript) }
      },
    },
    getTranscript: {
      method: 'GET',
      path: '/v2/transcript/{id}',
      samples: { paths: samples.map(({ id }) => `/v2/transcript/${id}`) },
      reply: ({ params }, memory) => {
        const transcript = memory.get(params['id'] ?? '')
        if (!transcript) return notFound()
        transcript.polls++
        return { body: shown(transcript) }
      },
    },
    listTranscripts: {
      method: 'GET',
      path: '/v2/transcript',
      samples: { paths: ['/v2/transcript?limit=10'] },
      reply: ({ query, path }, memory) => {
        const wanted = query.get('status')
        const limit = Math.min(200, Math.max(1, Math.trunc(Number(query.get('limit'))) || 10))
        const newest = [...memory.values()].toReversed().filter((transcript) => wanted === null || statusOf(transcript) === wanted)
        const page = newest.slice(0, limit)
        return {
          body: {
            page_details: { limit, result_count: page.length, current_url: `${path}?limit=${limit}`, prev_url: null, next_url: null },
            transcripts: page.map(listed),
          },
        }
      },
    },
    deleteTranscript: {
      method: 'DELETE',
      path: '/v2/transcript/{id}',
      samples: { paths: samples.map(({ id }) => `/v2/transcript/${id}`) },
      reply: ({ params }, memory) => {
        const transcript = memory.get(params['id'] ?? '')
        if (!transcript) return notFound()
        // The service keeps the entry and empties it. Deleting twice is no error.
        Object.assign(transcript, { audioUrl: 'http://deleted_by_user', options: {}, polls: 2, deleted: true, written: undefined })
        return { body: shown(transcript) }
      },
    },
  },
  errorBody: (status) => ({ error: messages[status] ?? 'Server error, developers have been alerted.' }),
})

/** What is to be transcribed; no URL where the body has none. Without options, nothing but the id differs between two answers. */
const submission = perBody((json) => {
  const { audio_url: url, ...options } = (json ?? {}) as { audio_url?: unknown } & Record<string, unknown>
  const audioUrl = typeof url === 'string' ? url : ''
  const isPlain = Object.keys(options).length === 0 && !audioUrl.includes(BLANK)
  return { audioUrl, options, form: isPlain ? jsonForm(fieldsOf({ id: BLANK, audioUrl, options, polls: 0, deleted: false })) : undefined }
})

const messages: Record<number, string> = {
  401: 'Authentication error, API token missing/invalid',
  404: 'Not found',
  429: 'Too Many Requests',
  503: 'Service unavailable',
  504: 'Gateway timeout',
}

function failed(status: number, error: string): Reply {
  return { status, body: { error } }
}

/** The service answers 400, not 404, for an id that it does not know. */
function notFound(): Reply {
  return failed(400, 'Transcript lookup error, transcript id not found')
}

function statusOf({ polls }: Transcript): Status {
  return polls === 0 ? 'queued' : polls === 1 ? 'processing' : 'completed'
}

function shown(transcript: Transcript) {
  return statusOf(transcript) === 'completed' ? (transcript.written ??= writtenJson(fieldsOf(transcript))) : fieldsOf(transcript)
}

function fieldsOf(transcript: Transcript) {
  const { id, audioUrl, options, deleted } = transcript
  const status = statusOf(transcript)
  const done = status === 'completed'
  return {
    id,
    audio_url: audioUrl,
    language_code: 'en_us',
    punctuate: true,
    format_text: true,
    webhook_url: null,
    webhook_auth: false,
    auto_highlights: false,
    redact_pii: false,
    summarization: false,
    ...options,
    status,
    text: deleted ? 'Deleted by user.' : done ? words.join(' ') : null,
    words:
      done && !deleted ? words.map((text, at) => ({ text, start: at * 300, end: at * 300 + 280, confidence: 0.98, speaker: null })) : null,
    utterances: null,
    confidence: done ? 0.98 : null,
    audio_duration: done ? Math.ceil((words.length * 300) / 1000) : null,
  }
}

// Answers depend on no clock, so every transcript is of one day.
const CREATED = '2026-01-05T09:00:00.000000'

function listed(transcript: Transcript) {
  const { id, audioUrl } = transcript
  const status = statusOf(transcript)
  const completed = status === 'completed' ? CREATED : null
  return { id, resource_url: `/v2/transcript/${id}`, status, created: CREATED, completed, audio_url: audioUrl, error: null }
}

/** A UUID in the form of version 4. The same text gives the same UUID. */
function uuidOf(text: string): string {
  const hex = hash('sha256', text)
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

if (import.meta.main) await serveAlone(assemblyai)
