// OpenAI's API, v1 (platform.openai.com/docs/api-reference): chat completions, streams of them, embeddings, models.
// Any API key is taken. One that holds `no-quota` has spent its money; a request without one is refused.
import { idsOf } from '../src/upstreams/made-ids.ts'
import { serveAlone } from '../src/upstreams/serve-alone.ts'
import { defineUpstream, type Reply, type UpstreamRequest } from '../src/upstreams/define.ts'
import { failureBody, failureOf, invalid, noSuchModel } from './openai/failures.ts'

const CREATED = 1_748_000_000
const models = [
  { id: 'gpt-4o', for: 'chat' },
  { id: 'gpt-4o-mini', for: 'chat' },
  { id: 'text-embedding-3-small', for: 'embeddings' },
] as const

// Twenty questions, asked again and again, so that a cache can hold the answer to each.
const questions = Array.from({ length: 20 }, (_, number) => ({
  model: 'gpt-4o-mini',
  messages: [
    { role: 'system', content: 'You write show notes.' },
    { role: 'user', content: `Summarise episode ${number + 1}.` },
  ],
}))
const headers = { 'content-type': 'application/json', authorization: 'Bearer sk-fake' }

export const openai = defineUpstream(import.meta, {
  name: 'openai',
  latency: { median: '80ms', sigma: 0.35 },
  routes: {
    streamChatCompletion: {
      method: 'POST',
      path: '/v1/chat/completions',
      bodyHas: { stream: true },
      samples: { bodies: questions.map((question) => ({ ...question, stream: true })), headers },
      reply: (request) => allowed(request, 'chat', () => streamed(request)),
    },
    createChatCompletion: {
      method: 'POST',
      path: '/v1/chat/completions',
      samples: { bodies: questions, headers },
      reply: (request) => allowed(request, 'chat', () => completed(request)),
    },
    createEmbedding: {
      method: 'POST',
      path: '/v1/embeddings',
      samples: { bodies: [{ model: 'text-embedding-3-small', input: 'one' }], headers },
      latency: { median: '25ms', sigma: 0.3 },
      reply: (request) => allowed(request, 'embeddings', () => embedded(request)),
    },
    listModels: {
      method: 'GET',
      path: '/v1/models',
      samples: { headers },
      latency: '8ms',
      reply: (request) => allowed(request, undefined, () => answer(request, { object: 'list', data: models.map(modelObject) })),
    },
    retrieveModel: {
      method: 'GET',
      path: '/v1/models/{model}',
      samples: { paths: ['/v1/models/gpt-4o-mini'], headers },
      latency: '8ms',
      reply: (request) =>
        allowed(request, undefined, () => {
          const found = models.find(({ id }) => id === request.params['model'])
          return found ? answer(request, modelObject(found)) : noSuchModel(request.params['model'])
        }),
    },
  },
  errorBody: (status) => failureBody(failureOf(status)),
  // Of a limit that is reached nothing is left. How long to wait is said by the fault, or a scenario could not choose it.
  errorHeaders: (status) => (status === 429 ? limitHeaders(0, 0) : {}),
})

/** Refuses what the service refuses: no key, no money, a body that is no JSON object, a model that it lacks or that cannot do this. */
function allowed(request: UpstreamRequest, task: 'chat' | 'embeddings' | undefined, reply: () => Reply): Reply {
  const [, key] = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '') ?? []
  if (key === undefined) {
    const message = "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth."
    return { status: 401, body: failureBody({ message, type: 'invalid_request_error' }) }
  }
  if (key.includes('no-quota')) {
    const message = 'You exceeded your current quota, please check your plan and billing details.'
    return { status: 429, body: failureBody({ message, type: 'insufficient_quota', code: 'insufficient_quota' }) }
  }
  if (task === undefined) return reply()
  const body = request.json()
  if (typeof body !== 'object' || body === null) return invalid('We could not parse the JSON body of your request.')
  const { model } = body as { model?: unknown }
  if (model === undefined) return invalid('you must provide a model parameter')
  if (!models.some((known) => known.id === model && known.for === task)) return noSuchModel(model)
  if (task === 'chat' && promptOf(body) === '') return invalid("Missing required parameter: 'messages'.", 'messages')
  if (task === 'embeddings' && inputsOf(body).length === 0) return invalid("Missing required parameter: 'input'.", 'input')
  return reply()
}

function completed(request: UpstreamRequest): Reply {
  const content = answerTo(request).join('')
  const choice = {
    index: 0,
    message: { role: 'assistant', content, refusal: null, annotations: [] },
    logprobs: null,
    finish_reason: 'stop',
  }
  return answer(request, { ...completionHead(request, 'chat.completion'), choices: [choice], usage: usageOf(request, content) })
}

/** A role, one sentence a piece, the reason it ends, what it took where that is asked for, and `[DONE]`. */
function streamed(request: UpstreamRequest): Reply {
  const texts = answerTo(request)
  const head = completionHead(request, 'chat.completion.chunk')
  const { stream_options: options } = request.json() as { stream_options?: { include_usage?: unknown } | null }
  const withUsage = options?.include_usage === true
  const chunk = (delta: object, finish: 'stop' | null = null) => ({
    ...head,
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
    ...(withUsage && { usage: null }),
  })
  const chunks = [
    chunk({ role: 'assistant', content: '', refusal: null }),
    ...texts.map((content) => chunk({ content })),
    chunk({}, 'stop'),
    ...(withUsage ? [{ ...head, choices: [], usage: usageOf(request, texts.join('')) }] : []),
  ]
  const pieces = [...chunks.map((each) => JSON.stringify(each)), '[DONE]'].map((data) => `data: ${data}\n\n`)
  return { headers: { ...answerHeaders(request), 'content-type': 'text/event-stream; charset=utf-8' }, stream: { pieces, intervalMs: 10 } }
}

/** Unit vectors, shorter than the service's, so that load measures requests and not bytes. */
function embedded(request: UpstreamRequest): Reply {
  const body = request.json() as { model: string; encoding_format?: unknown }
  const data = inputsOf(body).map((_, index) => {
    const values = Array.from({ length: 16 }, () => request.random.normal())
    const norm = Math.hypot(...values)
    const vector = Float32Array.from(values, (value) => value / norm)
    const embedding = body.encoding_format === 'base64' ? Buffer.from(vector.buffer).toString('base64') : [...vector]
    return { object: 'embedding', index, embedding }
  })
  const tokenCount = tokens(inputsOf(body).join(' '))
  return answer(request, { object: 'list', data, model: body.model, usage: { prompt_tokens: tokenCount, total_tokens: tokenCount } })
}

function completionHead(request: UpstreamRequest, object: string) {
  const { model } = request.json() as { model: string }
  return {
    id: `chatcmpl-${completionId(request.random)}`,
    object,
    created: CREATED,
    model,
    service_tier: 'default',
    system_fingerprint: 'fp_fake',
  }
}

function answer(request: UpstreamRequest, body: unknown): Reply {
  return { headers: { ...answerHeaders(request), 'content-type': 'application/json' }, body }
}

function answerHeaders(request: UpstreamRequest): Record<string, string> {
  return {
    'openai-version': '2020-10-01',
    'x-request-id': `req_${requestId(request.random)}`,
    ...limitHeaders(9_999, 2_000_000 - tokens(request.body.toString())),
  }
}

/** As if this request were the only one of its minute: a fake has no clock. */
function limitHeaders(requestsLeft: number, tokensLeft: number): Record<string, string> {
  return {
    'x-ratelimit-limit-requests': '10000',
    'x-ratelimit-limit-tokens': '2000000',
    'x-ratelimit-remaining-requests': String(requestsLeft),
    'x-ratelimit-remaining-tokens': String(tokensLeft),
    'x-ratelimit-reset-requests': requestsLeft > 0 ? '6ms' : '1s',
    'x-ratelimit-reset-tokens': tokensLeft > 0 ? '0s' : '1s',
  }
}

function usageOf(request: UpstreamRequest, text: string) {
  const prompt = tokens(promptOf(request.json()))
  const completion = tokens(text)
  return { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion }
}

/** Clients send anything; what is no list has no members. */
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])

/** All text of the messages: each has a text, or parts of which some have one. */
function promptOf(body: unknown): string {
  return listOf((body as { messages?: unknown }).messages)
    .map((message) => (message as { content?: unknown } | null)?.content)
    .flatMap((content) =>
      typeof content === 'string' ? [content] : listOf(content).map((part) => (part as { text?: unknown } | null)?.text),
    )
    .filter((text) => typeof text === 'string')
    .join(' ')
}

function inputsOf(body: unknown): string[] {
  const { input } = body as { input?: unknown }
  return (typeof input === 'string' ? [input] : listOf(input)).filter((text) => typeof text === 'string' && text !== '') as string[]
}

// About four characters a token, as the documentation puts it.
const tokens = (text: string): number => Math.ceil(text.length / 4)

const sentences = [
  'It opens with the question that the rest of the hour comes back to. ',
  'The guest tells how the first version failed, and what was kept of it. ',
  'Two listeners disagree, and both turn out to be right. ',
  'The closing minutes are about what to try next. ',
]

function answerTo({ random }: UpstreamRequest): string[] {
  const start = random.integer(sentences.length)
  return Array.from({ length: 2 + random.integer(3) }, (_, at) => sentences[(start + at) % sentences.length]!)
}

const ALPHABET = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'
const completionId = idsOf(ALPHABET, 29)
const requestId = idsOf(ALPHABET, 32)

function modelObject({ id }: { id: string }) {
  return { id, object: 'model', created: CREATED, owned_by: 'system' }
}

if (import.meta.main) await serveAlone(openai)
