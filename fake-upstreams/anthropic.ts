// Anthropic's Messages API (docs.claude.com/en/api): an answer at once or as a stream of events; 529 where it is overloaded. Any API key is taken, or none.
import { type Reply, type UpstreamRequest, defineUpstream } from '../src/upstreams/define.ts'
import { idsOf } from '../src/upstreams/made-ids.ts'
import { serveAlone } from '../src/upstreams/serve-alone.ts'

interface Asked {
  model: string
  messages: { role: string; content: unknown }[]
  maxTokens: number
}

const models = ['claude-sonnet-4-5', 'claude-haiku-4-5'].map((id) => ({
  type: 'model',
  id,
  display_name: id,
  created_at: '2026-01-05T09:00:00Z',
}))
const jsonHeaders = { 'content-type': 'application/json', 'anthropic-version': '2023-06-01' }
const prompts = Array.from({ length: 20 }, (_, at) => ({
  model: 'claude-haiku-4-5',
  max_tokens: 256,
  messages: [{ role: 'user', content: `Name a risk in plan ${at + 1}.` }],
}))

export const anthropic = defineUpstream(import.meta, {
  name: 'anthropic',
  latency: { median: '80ms', sigma: 0.4 },
  routes: {
    streamMessage: {
      method: 'POST',
      path: '/v1/messages',
      bodyHas: { stream: true },
      samples: { bodies: prompts.map((prompt) => ({ ...prompt, stream: true })), headers: jsonHeaders },
      reply: (request) => withMessages(request, (asked) => streamed(request, asked)),
    },
    createMessage: {
      method: 'POST',
      path: '/v1/messages',
      samples: { bodies: prompts, headers: jsonHeaders },
      reply: (request) => withMessages(request, (asked) => whole(request, asked)),
    },
    countTokens: {
      method: 'POST',
      path: '/v1/messages/count_tokens',
      samples: { bodies: prompts.map(({ model, messages }) => ({ model, messages })), headers: jsonHeaders },
      latency: { median: '15ms', sigma: 0.3 },
      reply: (request) => withMessages(request, ({ messages }) => ({ body: { input_tokens: tokens(messages) } })),
    },
    listModels: {
      method: 'GET',
      path: '/v1/models',
      latency: '8ms',
      reply: () => ({ body: { data: models, has_more: false, first_id: models[0]?.id, last_id: models.at(-1)?.id } }),
    },
    getModel: {
      method: 'GET',
      path: '/v1/models/{model}',
      samples: { paths: models.map(({ id }) => `/v1/models/${id}`) },
      latency: '8ms',
      reply: ({ params }) => {
        const found = models.find(({ id }) => id === params['model'])
        return found ? { body: found } : failed(404, 'not_found_error', `model: ${params['model']}`)
      },
    },
  },
  errorBody: (status) => {
    const [type, message] = kinds.get(status) ?? ['api_error', 'Internal server error']
    return failureBody(type, message)
  },
})

const kinds = new Map([
  [401, ['authentication_error', 'invalid x-api-key']],
  [404, ['not_found_error', 'Not found']],
  [413, ['request_too_large', 'Request exceeds the maximum size']],
  [429, ['rate_limit_error', 'This request would exceed your rate limit']],
  [529, ['overloaded_error', 'Overloaded']],
] as [number, [string, string]][])

function failureBody(type: string, message: string) {
  return { type: 'error', error: { type, message } }
}

function failed(status: number, type: string, message: string): Reply {
  return { status, body: failureBody(type, message) }
}

/** Refuses what the service refuses: an unknown model, no messages, a message that no user wrote. */
function withMessages(request: UpstreamRequest, reply: (asked: Asked) => Reply): Reply {
  const { model, messages, max_tokens: maxTokens = 256 } = (request.json() ?? {}) as Record<string, unknown>
  if (typeof model !== 'string') return failed(400, 'invalid_request_error', 'model: Field required')
  if (!models.some(({ id }) => id === model)) return failed(404, 'not_found_error', `model: ${model}`)
  if (!Array.isArray(messages) || messages.length === 0)
    return failed(400, 'invalid_request_error', 'messages: at least one message is required')
  return reply({ model, messages: messages as Asked['messages'], maxTokens: Number(maxTokens) })
}

const sentences = [
  'The budget rests on one supplier.',
  'Nobody owns the rollback.',
  'The test data is a year old.',
  'Two teams assume different limits.',
]

function answerTo({ random }: UpstreamRequest): string[] {
  const start = random.integer(sentences.length)
  return Array.from({ length: 1 + random.integer(3) }, (_, at) => sentences[(start + at) % sentences.length]!)
}

// About four characters a token, as with most tokenizers of English text.
function tokens(value: unknown): number {
  return Math.ceil(JSON.stringify(value).length / 4)
}

function whole(request: UpstreamRequest, asked: Asked): Reply {
  const text = answerTo(request).join(' ')
  const message = { ...beginning(request, asked), content: [{ type: 'text', text }], stop_reason: 'end_turn' }
  return { headers: ownHeaders(request), body: { ...message, usage: { ...message.usage, output_tokens: tokens(text) } } }
}

/** Server-sent events, in the order that the service has them: the message's beginning, its texts, its end. */
function streamed(request: UpstreamRequest, asked: Asked): Reply {
  const texts = answerTo(request)
  const events = [
    { type: 'message_start', message: { ...beginning(request, asked), content: [], stop_reason: null } },
    { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
    { type: 'ping' },
    ...texts.map((text, at) => ({
      type: 'content_block_delta',
      index: 0,
      delta: { type: 'text_delta', text: at === 0 ? text : ` ${text}` },
    })),
    { type: 'content_block_stop', index: 0 },
    { type: 'message_delta', delta: { stop_reason: 'end_turn', stop_sequence: null }, usage: { output_tokens: tokens(texts.join(' ')) } },
    { type: 'message_stop' },
  ]
  const pieces = events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
  return { headers: { ...ownHeaders(request), 'content-type': 'text/event-stream; charset=utf-8' }, stream: { pieces, intervalMs: 10 } }
}

const messageId = idsOf('0123456789abcdefghijklmnopqrstuvwxyz', 22)

function beginning({ random }: UpstreamRequest, { model, messages }: Asked) {
  const id = `msg_01${messageId(random)}`
  return { id, type: 'message', role: 'assistant', model, stop_sequence: null, usage: { input_tokens: tokens(messages), output_tokens: 1 } }
}

function ownHeaders({ random }: UpstreamRequest): Record<string, string> {
  return {
    'request-id': `req_${random.integer(2 ** 32).toString(36)}`,
    'anthropic-ratelimit-requests-limit': '4000',
    'anthropic-ratelimit-requests-remaining': '3999',
  }
}

if (import.meta.main) await serveAlone(anthropic)
