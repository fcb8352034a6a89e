// Google's Gemini API, v1beta, and v1 that its own client asks (ai.google.dev/api): text in, text out. Any API key is taken, or none.
import { defineUpstream, type Reply, type UpstreamRequest } from '../src/upstreams/define.ts'
import { serveAlone } from '../src/upstreams/serve-alone.ts'
import { embedding, generated, listOf, type Prompt, promptOf, streamed } from './gemini/content.ts'

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
      reply: (request) => withModel(request, 'generateContent', (prompt) => ({ body: generated(request, prompt) })),
    },
    streamGenerateContent: {
      method: 'POST',
      path: '/{version}/models/{model}:streamGenerateContent',
      samples: { paths: ['/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse'], bodies: prompts, headers: jsonHeaders },
      reply: (request) => withModel(request, 'streamGenerateContent', (prompt) => streamed(request, prompt)),
    },
    countTokens: {
      method: 'POST',
      path: '/{version}/models/{model}:countTokens',
      samples: { paths: ['/v1beta/models/gemini-2.5-flash:countTokens'], bodies: prompts, headers: jsonHeaders },
      latency: { median: '15ms', sigma: 0.3 },
      reply: (request) =>
        withModel(request, 'countTokens', ({ tokens }) => ({
          body: { totalTokens: tokens, promptTokensDetails: [{ modality: 'TEXT', tokenCount: tokens }] },
        })),
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
function withModel(request: UpstreamRequest, method: string, reply: (prompt: Prompt) => Reply): Reply {
  if (!isVersion(request)) return nothingThere()
  const { model: id = '', version } = request.params
  if (!methodsOf.get(id)?.includes(method))
    return failed(
      404,
      `models/${id} is not found for API version ${version}, or is not supported for ${method}. Call ListModels to see the list of available models.`,
    )
  const prompt = promptOf(request)
  const { isObject, text } = prompt
  if (!isObject) return failed(400, 'Invalid JSON payload received.')
  if (text === '' && method.endsWith('enerateContent')) return failed(400, '* GenerateContentRequest.contents: contents is not specified\n')
  return reply(prompt)
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
