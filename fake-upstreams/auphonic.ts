// Auphonic's API (auphonic.com/help/api): a production takes audio and a preset, is started, and is done after a while. Any token is taken, or none.
import { createHash } from 'node:crypto'
import { BoundedMap } from '../src/upstreams/bounded-map.ts'
import { type Reply, defineUpstream } from '../src/upstreams/define.ts'
import { idsOf } from '../src/upstreams/made-ids.ts'
import { serveAlone } from '../src/upstreams/serve-alone.ts'

interface Production {
  uuid: string
  title: string
  inputFile: string
  /** Each look at a production that was started moves it one step on. */
  steps: number
  isStarted: boolean
}

type Memory = BoundedMap<Production>

/** Status codes and their words, as the service numbers them. */
const waiting = { status: 2, status_string: 'Waiting' }
const processing = { status: 4, status_string: 'Audio Processing' }
const incomplete = { status: 9, status_string: 'Incomplete Form' }
const done = { status: 3, status_string: 'Done' }

const jsonHeaders = { 'content-type': 'application/json' }
const samples = Array.from({ length: 20 }, (_, at): Production => productionOf(`Episode ${at + 1}`, `episode-${at + 1}.mp3`, 2))

export const auphonic = defineUpstream(import.meta, {
  name: 'auphonic',
  latency: { median: '45ms', sigma: 0.35 },
  state: (): Memory => new BoundedMap(samples.map((production) => [production.uuid, { ...production }])),
  routes: {
    createProduction: {
      method: 'POST',
      path: '/api/productions.json',
      samples: {
        bodies: samples.map(({ title, inputFile }) => ({
          metadata: { title },
          input_file: `https://example.com/${inputFile}`,
          action: 'start',
        })),
        headers: jsonHeaders,
      },
      latency: { median: '90ms', sigma: 0.4 },
      reply: (request, memory) => {
        const {
          metadata,
          input_file: inputFile,
          action,
        } = (request.json() ?? {}) as { metadata?: { title?: unknown }; input_file?: unknown; action?: unknown }
        if (inputFile !== undefined && typeof inputFile !== 'string') return failed(400, 'input_file: must be a URL')
        const title = typeof metadata?.title === 'string' ? metadata.title : 'Untitled'
        const production = {
          ...productionOf(title, inputFile ?? '', 0),
          uuid: newUuid(request.random),
          isStarted: action === 'start',
        }
        memory.set(production.uuid, production)
        return succeeded(shown(production))
      },
    },
    startProduction: {
      method: 'POST',
      path: '/api/production/{uuid}/start.json',
      samples: { paths: samples.map(({ uuid }) => `/api/production/${uuid}/start.json`) },
      reply: ({ params }, memory) => {
        const production = memory.get(params['uuid'] ?? '')
        if (!production) return notFound()
        if (production.inputFile === '') return failed(400, 'The production has no input file yet.')
        production.isStarted = true
        return succeeded(shown(production))
      },
    },
    getProduction: {
      method: 'GET',
      path: '/api/production/{uuid}.json',
      samples: { paths: samples.map(({ uuid }) => `/api/production/${uuid}.json`) },
      reply: ({ params }, memory) => {
        const production = memory.get(params['uuid'] ?? '')
        if (!production) return notFound()
        if (production.isStarted) production.steps++
        return succeeded(shown(production))
      },
    },
    listPresets: {
      method: 'GET',
      path: '/api/presets.json',
      latency: { median: '20ms', sigma: 0.3 },
      reply: () => succeeded([{ uuid: uuidOf('preset'), preset_name: 'Podcast', output_files: [{ format: 'mp3', bitrate: '112' }] }]),
    },
    getUser: {
      method: 'GET',
      path: '/api/user.json',
      latency: '8ms',
      reply: () => succeeded({ username: 'podcast', credits: 12.5, onetime_credits: 10, recurring_credits: 2.5 }),
    },
  },
  errorBody: (status) => failureBody(status, messages.get(status) ?? 'Internal server error'),
})

const messages = new Map([
  [401, 'Authentication required'],
  [404, 'Production not found'],
  [429, 'Too many requests, please slow down'],
  [503, 'Service temporarily unavailable'],
])

function succeeded(data: unknown): Reply {
  return { body: { status_code: 200, error_code: null, error_message: '', form_errors: {}, data } }
}

function failureBody(status: number, message: string) {
  return { status_code: status, error_code: String(status), error_message: message, form_errors: {}, data: {} }
}

function failed(status: number, message: string): Reply {
  return { status, body: failureBody(status, message) }
}

function notFound(): Reply {
  return failed(404, 'Production not found')
}

function shown({ uuid, title, inputFile, steps, isStarted }: Production) {
  const state = isStarted ? ([waiting, processing][steps] ?? done) : incomplete
  return {
    uuid,
    ...state,
    metadata: { title },
    input_file: inputFile,
    length: 1800,
    output_files:
      state === done ? [{ format: 'mp3', download_url: `https://auphonic.com/api/download/${uuid}.mp3`, size: 25_165_824 }] : [],
  }
}

function productionOf(title: string, inputFile: string, steps: number): Production {
  return { uuid: uuidOf(title), title, inputFile, steps, isStarted: true }
}

// The service's identifiers are 22 letters and digits.
const newUuid = idsOf('abcdefghijklmnopqrstuvwxyz0123456789', 22)

/** The same text gives the same one. */
function uuidOf(text: string): string {
  return BigInt(`0x${createHash('sha256').update(text).digest('hex')}`)
    .toString(36)
    .slice(0, 22)
}

if (import.meta.main) await serveAlone(auphonic)
