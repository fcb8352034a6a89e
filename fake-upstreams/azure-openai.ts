// Azure OpenAI, v1 (learn.microsoft.com/azure/ai-foundry/openai/api-version-lifecycle): the chat of OpenAI's own API, below an address that ends in
// /openai, asked for deployments that are named like their models. Any key is taken, or none.
import { defineUpstream, type Reply, type UpstreamRequest } from '../src/upstreams/define.ts'
import { serveAlone } from '../src/upstreams/serve-alone.ts'
import { openai } from './openai.ts'

const { streamChatCompletion, createChatCompletion } = openai.routes
const ask = openai.open()

/** As OpenAI answers it, for whoever asks. */
function asOpenai(route: string, request: UpstreamRequest): Reply {
  return ask(route, { ...request, headers: { ...request.headers, authorization: 'Bearer any' } })
}

export const azureOpenai = defineUpstream(import.meta, {
  name: 'azure-openai',
  latency: { median: '100ms', sigma: 0.35 },
  routes: {
    streamChatCompletion: {
      method: 'POST',
      path: '/v1/chat/completions',
      bodyHas: { stream: true },
      samples: streamChatCompletion!.samples,
      reply: (request) => asOpenai('streamChatCompletion', request),
    },
    createChatCompletion: {
      method: 'POST',
      path: '/v1/chat/completions',
      samples: createChatCompletion!.samples,
      reply: (request) => asOpenai('createChatCompletion', request),
    },
  },
  errorBody: (status) => ({
    error: { code: String(status), message: messages.get(status) ?? 'The server had an error processing the request.' },
  }),
})

const messages = new Map([
  [401, 'Access denied due to invalid subscription key or wrong API endpoint.'],
  [404, 'Resource not found'],
  [429, 'Requests have exceeded the token rate limit of your current pricing tier. Please retry after 1 second.'],
])

if (import.meta.main) await serveAlone(azureOpenai)
