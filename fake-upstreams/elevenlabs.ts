// ElevenLabs' text-to-speech API, v1 (elevenlabs.io/docs/api-reference): text in, audio out, at once or as it is made. Any API key is taken, or none.
import { type Reply, type UpstreamRequest, defineUpstream } from '../src/upstreams/define.ts'
import { serveAlone } from '../src/upstreams/serve-alone.ts'

const voices = ['Rachel', 'Adam', 'Bella'].map((name, at) => ({
  voice_id: `21m00Tcm4TlvDq8ikWA${at}`,
  name,
  category: 'premade',
  labels: { accent: 'american' },
  preview_url: null,
  samples: null,
  settings: null,
}))
const models = [
  {
    model_id: 'eleven_multilingual_v2',
    name: 'Eleven Multilingual v2',
    can_do_text_to_speech: true,
    languages: [{ language_id: 'en', name: 'English' }],
  },
]
const subscription = {
  tier: 'creator',
  status: 'active',
  character_count: 1200,
  character_limit: 100_000,
  can_extend_character_limit: true,
  allowed_to_extend_character_limit: true,
  max_credit_limit_extension: 0,
  voice_slots_used: 1,
  voice_limit: 30,
  voice_add_edit_counter: 0,
  can_extend_voice_limit: false,
  professional_voice_slots_used: 0,
  professional_voice_slots_used_in_workspace: 0,
  professional_voice_limit: 1,
  can_use_instant_voice_cloning: true,
  can_use_professional_voice_cloning: true,
  currency: 'usd',
  open_invoices: [],
  has_open_invoices: false,
  current_overage: { amount: '0', currency: 'usd' },
}
const jsonHeaders = { 'content-type': 'application/json' }
const texts = Array.from({ length: 20 }, (_, at) => ({ text: `Welcome to episode ${at + 1}.`, model_id: 'eleven_multilingual_v2' }))
const speakers = voices.map(({ voice_id: id }) => id)

export const elevenlabs = defineUpstream(import.meta, {
  name: 'elevenlabs',
  latency: { median: '120ms', sigma: 0.4 },
  routes: {
    textToSpeech: {
      method: 'POST',
      path: '/v1/text-to-speech/{voice}',
      samples: { paths: speakers.map((id) => `/v1/text-to-speech/${id}`), bodies: texts, headers: jsonHeaders },
      reply: (request) => spoken(request, (audio) => ({ headers: audioHeaders(request), body: audio })),
    },
    textToSpeechStream: {
      method: 'POST',
      path: '/v1/text-to-speech/{voice}/stream',
      samples: { paths: speakers.map((id) => `/v1/text-to-speech/${id}/stream`), bodies: texts, headers: jsonHeaders },
      latency: { median: '70ms', sigma: 0.4 },
      reply: (request) =>
        spoken(request, (audio) => ({ headers: audioHeaders(request), stream: { pieces: inPieces(audio), intervalMs: 15 } })),
    },
    listVoices: { method: 'GET', path: '/v1/voices', latency: { median: '15ms', sigma: 0.3 }, reply: () => ({ body: { voices } }) },
    searchVoices: {
      method: 'GET',
      path: '/v2/voices',
      latency: { median: '15ms', sigma: 0.3 },
      reply: () => ({ body: { voices, has_more: false, total_count: voices.length, next_page_token: null } }),
    },
    listModels: { method: 'GET', path: '/v1/models', latency: '8ms', reply: () => ({ body: models }) },
    getSubscription: {
      method: 'GET',
      path: '/v1/user/subscription',
      latency: '8ms',
      reply: () => ({ body: subscription }),
    },
  },
  errorBody: (status) => {
    const [name, message] = messages.get(status) ?? ['internal_error', 'Something went wrong on our side.']
    return failureBody(name, message)
  },
})

const messages = new Map([
  [401, ['invalid_api_key', 'Invalid API key']],
  [404, ['voice_not_found', 'A voice with this id does not exist.']],
  [429, ['too_many_concurrent_requests', 'Too many concurrent requests for your current subscription.']],
  [503, ['system_busy', 'The system is experiencing heavy traffic, please try again later.']],
] as [number, [string, string]][])

function failureBody(status: string, message: string) {
  return { detail: { status, message } }
}

/** Refuses what the service refuses: an unknown voice, a body without a text. */
function spoken(request: UpstreamRequest, reply: (audio: string) => Reply): Reply {
  if (!speakers.includes(request.params['voice'] ?? ''))
    return { status: 404, body: failureBody('voice_not_found', 'A voice with this id does not exist.') }
  const { text } = (request.json() ?? {}) as { text?: unknown }
  if (typeof text !== 'string' || text === '')
    return { status: 422, body: { detail: [{ type: 'missing', loc: ['body', 'text'], msg: 'Field required' }] } }
  return reply(audioOf(text, request))
}

// Frames of silence as ASCII, so that pieces are texts: a player would refuse them, and a gateway has no reason to look inside.
function audioOf(text: string, { random }: UpstreamRequest): string {
  const frames = 4 + Math.ceil(text.length / 10)
  return `ID3.${Array.from({ length: frames }, () =>
    random
      .integer(2 ** 32)
      .toString(36)
      .padStart(7, '0')
      .repeat(36),
  ).join('')}`
}

function inPieces(audio: string): string[] {
  return audio.match(/.{1,512}/gs) ?? [audio]
}

function audioHeaders({ random }: UpstreamRequest): Record<string, string> {
  return { 'content-type': 'audio/mpeg', 'request-id': random.next().toString(36).slice(2), 'character-cost': '20' }
}

if (import.meta.main) await serveAlone(elevenlabs)
