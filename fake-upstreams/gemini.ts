// Google's Gemini API, v1beta, and v1 that its own client asks (ai.google.dev/api): text in, text out. Any API key is taken, or none.
import { defineUpstream, type Reply, type UpstreamRequest } from '../src/upstreams/define.ts'
import { perBody } from '../src/upstreams/per-body.ts'
import { serveAlone } from '../src/upstreams/serve-alone.ts'
import { BLANK, jsonForm, type WrittenJson } from '../src/upstreams/written-json.ts'

const models = [
  model('gemini-2.5-flash', 'Gemini 2.5 Flash', ['generateContent', 'countTokens', 'streamGenerateContent']),
  model('gemini-2.5-pro', 'Gemini 2.5 Pro', ['generateContent', 'countTokens', 'streamGenerateContent']),
  model('gemini-embedding-001', 'Gemini Embedding 001', ['embedContent', 'batchEmbedContents', 'countTokens']),
]

const methodsOf = new Map(models.map(({ name, supportedGenerationMethods }) => [name.slice('models/'.length), supportedGenerationMethods]))

// Twenty questions, asked again and again, so that a cache can hold the answer to each.
const prompts = Array.from({ length: 20 }, (_, number) => ({
  contents: [{ role: 'user', parts: [{ text: `Summarise episode ${number + 1} for the show notes.` }] }],
}))
const jsonHeaders = { 'content-type': 'application/json' }

export const gemini = defineUpstream(import.meta, {
  name: 'gemini',
  latency: { median: '60ms', sigma: 0.35 },
  routes: {
    generateContent: {
      method: 'POST',
      path: '/{version}/models/{model}:generateContent',
      samples: { paths: ['/v1beta/models/gemini-2.5-flash:generateContent'], bodies: prompts, headers: jsonHeaders },
      reply: (request) => withModel(request, 'generateContent', () => ({ body: generated(request) })),
    },
    streamGenerateContent: {
      method: 'POST',
      path: '/{version}/models/{model}:streamGenerateContent',
      samples: { paths: ['/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse'], bodies: prompts, headers: jsonHeaders },
      reply: (request) => withModel(request, 'streamGenerateContent', () => streamed(request)),
    },
    countTokens: {
      method: 'POST',
      path: '/{version}/models/{model}:countTokens',
      samples: { paths: ['/v1beta/models/gemini-2.5-flash:countTokens'], bodies: prompts, headers: jsonHeaders },
      latency: { median: '15ms', sigma: 0.3 },
      reply: (request) =>
        withModel(request, 'countTokens', () => {
          const totalTokens = promptOf(request).tokens
          return { body: { totalTokens, promptTokensDetails: [{ modality: 'TEXT', tokenCount: totalTokens }] } }
        }),
    },
    embedContent: {
      method: 'POST',
      path: '/{version}/models/{model}:embedContent',
      samples: {
        paths: ['/v1beta/models/gemini-embedding-001:embedContent'],
        bodies: prompts.map(({ contents }) => ({ content: { parts: contents[0]!.parts } })),
        headers: jsonHeaders,
      },
      latency: { median: '20ms', sigma: 0.3 },
      reply: (request) => withModel(request, 'embedContent', () => ({ body: { embedding: embedding(request) } })),
    },
    batchEmbedContents: {
      method: 'POST',
      path: '/{version}/models/{model}:batchEmbedContents',
      samples: {
        paths: ['/v1beta/models/gemini-embedding-001:batchEmbedContents'],
        bodies: [{ requests: [{ content: { parts: [{ text: 'one' }] } }] }],
      },
      latency: { median: '20ms', sigma: 0.3 },
      reply: (request) =>
        withModel(request, 'batchEmbedContents', () => {
          const { requests } = (request.json() ?? {}) as { requests?: unknown }
          return { body: { embeddings: listOf(requests).map(() => embedding(request)) } }
        }),
    },
    listModels: {
      method: 'GET',
      path: '/{version}/models',
      samples: { paths: ['/v1beta/models'] },
      latency: '8ms',
      reply: (request) => (isVersion(request) ? { body: { models } } : nothingThere()),
    },
    getModel: {
      method: 'GET',
      path: '/{version}/models/{model}',
      samples: { paths: ['/v1beta/models/gemini-2.5-flash'] },
      latency: '8ms',
      reply: (request) => {
        if (!isVersion(request)) return nothingThere()
        const { model: id, version } = request.params
        const found = models.find(({ name }) => name === `models/${id}`)
        return found ? { body: found } : failed(404, `Model is not found: models/${id} for api version ${version}`)
      },
    },
  },
  errorBody: (status) => failureBody(status, messages[status] ?? 'An internal error has occurred. Please retry or report the problem.'),
})

/** Names of google.rpc.Code by HTTP status (google/rpc/code.proto). */
const rpcStatus: Record<number, string> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  409: 'ABORTED',
  429: 'RESOURCE_EXHAUSTED',
  499: 'CANCELLED',
  500: 'INTERNAL',
  501: 'UNIMPLEMENTED',
  503: 'UNAVAILABLE',
  504: 'DEADLINE_EXCEEDED',
}

const messages: Record<number, string> = {
  404: 'Requested entity was not found.',
  429: 'You exceeded your current quota, please check your plan and billing details.',
  503: 'The model is overloaded. Please try again later.',
  504: 'Deadline expired before operation could complete.',
}

function failureBody(code: number, message: string) {
  return { error: { code, message, status: rpcStatus[code] ?? (code >= 500 ? 'INTERNAL' : 'FAILED_PRECONDITION') } }
}

function failed(status: number, message: string): Reply {
  return { status, body: failureBody(status, message) }
}

const isVersion = ({ params }: UpstreamRequest): boolean => params['version'] === 'v1beta' || params['version'] === 'v1'

function nothingThere(): Reply {
  return failed(404, messages[404]!)
}

/** Refuses what the service refuses: an unknown model, a method it does not have, a body that is no JSON object. */
function withModel(request: UpstreamRequest, method: string, reply: () => Reply): Reply {
  if (!isVersion(request)) return nothingThere()
  const { model: id = '', version } = request.params
  if (!methodsOf.get(id)?.includes(method))
    return failed(
      404,
      `models/${id} is not found for API version ${version}, or is not supported for ${method}. Call ListModels to see the list of available models.`,
    )
  const { isObject, text } = promptOf(request)
  if (!isObject) return failed(400, 'Invalid JSON payload received.')
  if (method.endsWith('enerateContent') && text === '') return failed(400, '* GenerateContentRequest.contents: contents is not specified\n')
  return reply()
}

interface Content {
  parts?: unknown
}

/** Clients send anything; what is no list has no members. */
const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])

/** Its text is all text of a request, whether it has `contents` (generate, count) or one `content` (embed). */
const promptOf = perBody((body) => {
  const { contents, content } = (body ?? {}) as { contents?: unknown; content?: unknown }
  const all = content ? [content] : listOf(contents)
  const text = all
    .flatMap((one) => listOf((one as Content | null)?.parts))
    .map((part) => (part as { text?: unknown } | null)?.text)
    .filter((each) => typeof each === 'string')
    .join(' ')
  return { isObject: typeof body === 'object' && body !== null, text, tokens: tokens(text) }
})

// About four characters a token, as the API's documentation puts it.
function tokens(text: string): number {
  return Math.ceil(text.length / 4)
}

const sentences = [
  'It opens with the question that the rest of the hour comes back to.',
  'The guest tells how the first version failed, and what was kept of it.',
  'Two listeners disagree, and both turn out to be right.',
  'The numbers are given in full, with where they come from.',
  'The closing minutes are about what to try next.',
]

interface Answer {
  texts: readonly string[]
  /** Its body by model and by tokens of the prompt: nothing else differs but the id. */
  forms: Map<string, Map<number, (id: string) => WrittenJson>>
}

/** From two to four sentences, from each of them on. */
const answers = [2, 3, 4].map((count) =>
  sentences.map((_, start): Answer => {
    const texts = Array.from({ length: count }, (__, at) => sentences[(start + at) % sentences.length]!)
    return { texts, forms: new Map(Array.from(methodsOf.keys(), (id) => [id, new Map()])) }
  }),
)

function answerTo({ random }: UpstreamRequest): Answer {
  const ofCount = answers[random.integer(answers.length)]!
  return ofCount[random.integer(sentences.length)]!
}

function told(modelVersion: string, prompt: number, text: string, responseId: string, isLast: boolean) {
  const answer = tokens(text)
  return {
    candidates: [{ content: { parts: [{ text }], role: 'model' }, ...(isLast && { finishReason: 'STOP' }), index: 0 }],
    usageMetadata: {
      promptTokenCount: prompt,
      candidatesTokenCount: answer,
      totalTokenCount: prompt + answer,
      promptTokensDetails: [{ modality: 'TEXT', tokenCount: prompt }],
    },
    modelVersion,
    responseId,
  }
}

function generated(request: UpstreamRequest): WrittenJson {
  const { texts, forms } = answerTo(request)
  const { model: asked = '' } = request.params
  const prompt = promptOf(request).tokens
  const ofModel = forms.get(asked)! // an unknown one is refused
  let form = ofModel.get(prompt)
  if (!form) {
    if (ofModel.size >= MOST_FORMS) ofModel.clear()
    ofModel.set(prompt, (form = jsonForm(told(asked, prompt, texts.join(' '), BLANK, true))))
  }
  return form(responseIdOf(request))
}

const MOST_FORMS = 1000

/** Server-sent events with `?alt=sse`; otherwise one JSON array, an element a piece. */
function streamed(request: UpstreamRequest): Reply {
  const { texts } = answerTo(request)
  const id = responseIdOf(request)
  const { model: asked = '' } = request.params
  const prompt = promptOf(request).tokens
  const chunks = texts.map((text, at) => JSON.stringify(told(asked, prompt, text, id, at === texts.length - 1)))
  const sse = request.query.get('alt') === 'sse'
  const pieces = sse
    ? chunks.map((chunk) => `data: ${chunk}\r\n\r\n`)
    : chunks.map((chunk, at) => `${at === 0 ? '[' : ',\r\n'}${chunk}${at === chunks.length - 1 ? ']' : ''}`)
  return { headers: { 'content-type': sse ? 'text/event-stream' : 'application/json; charset=UTF-8' }, stream: { pieces, intervalMs: 10 } }
}

const ID_LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

function responseIdOf({ random }: UpstreamRequest): string {
  const letters: number[] = []
  while (letters.length < 22) letters.push(ID_LETTERS.charCodeAt(random.integer(ID_LETTERS.length)))
  return String.fromCharCode(...letters)
}

/** A unit vector. It is shorter than the service's, so that load measures requests and not bytes. */
function embedding({ random }: UpstreamRequest): { values: number[] } {
  const values = Array.from({ length: 16 }, () => random.normal())
  const norm = Math.hypot(...values)
  return { values: values.map((value) => value / norm) }
}

function model(id: string, displayName: string, supportedGenerationMethods: string[]) {
  return {
    name: `models/${id}`,
    version: '001',
    displayName,
    description: `A fake ${displayName}.`,
    inputTokenLimit: 1_048_576,
    outputTokenLimit: 65_536,
    supportedGenerationMethods,
    temperature: 1,
    topP: 0.95,
    topK: 64,
    maxTemperature: 2,
  }
}

if (import.meta.main) await serveAlone(gemini)
