// `gatecrash run generic-outage` in this folder plays it with Portkey's gateway: a chat is tried at OpenAI three times, then at Gemini.
// Its settings, and where its upstreams are, travel in a header of each request.
import { join } from 'node:path'
import { gemini } from '../../../fake-upstreams/gemini.ts'
import { openai } from '../../../fake-upstreams/openai.ts'
import { defineConfig, request } from '../../../src/index.ts'

const program = join(import.meta.dirname, '../../../.cache/foreign/portkey/node_modules/@portkey-ai/gateway/build/start-server.js')
const forwarded = { forward_headers: ['x-request-id', 'idempotency-key'] }
const atOpenai = {
  provider: 'openai',
  api_key: 'sk-fake',
  custom_host: '{upstreams.openai.url}/v1',
  // Not on 429: the gateway as npm has it breaks on use_retry_after_header, and without it tries again too soon.
  retry: { attempts: 2, on_status_codes: [500, 502, 503, 504] },
  ...forwarded,
}
const atGemini = {
  provider: 'google',
  api_key: 'fake',
  custom_host: '{upstreams.gemini.url}',
  override_params: { model: 'gemini-2.5-flash' },
  ...forwarded,
}
const settings = (...targets: object[]): string =>
  JSON.stringify({ strategy: { mode: 'fallback', on_status_codes: [408, 429, 500, 502, 503, 504] }, request_timeout: 1000, targets })

const question = (about: string) => ({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: `Summarise ${about}.` }] })
const chat = { method: 'POST', path: '/v1/chat/completions' } as const

export default defineConfig({
  gateway: {
    command: `exec node '${program}' --port={PORT} --headless`,
    readyPath: '/',
    headers: { 'x-portkey-config': settings(atOpenai) },
  },
  upstreams: { openai, gemini },
  routes: [
    openai.listModels({ at: '/v1/models' }),
    // A chat may be repeated: each has a key by which the service knows it again.
    openai.createChatCompletion({ at: '/v1/chat/completions', idempotencyKey: true }),
    openai.streamChatCompletion({ at: '/v1/chat/completions', idempotencyKey: true }),
    request('chat with a fallback', {
      ...chat,
      body: question('the episode'),
      headers: { 'x-portkey-config': settings(atOpenai, atGemini) },
      idempotencyKey: true,
      reaches: ['openai', 'gemini'],
    }),
    request('chat with Gemini', {
      ...chat,
      body: question('the interview'),
      headers: { 'x-portkey-config': settings(atGemini) },
      weight: 2,
      reaches: ['gemini'],
    }),
  ],
  rate: 120,
})
