// `gatecrash run generic-outage` in this folder plays it with LiteLLM's proxy: a chat is tried at OpenAI three times, then at Gemini.
import { join } from 'node:path'
import { gemini } from '../../../fake-upstreams/gemini.ts'
import { openai } from '../../../fake-upstreams/openai.ts'
import { defineConfig, request } from '../../../src/index.ts'

const program = join(import.meta.dirname, '../../../.cache/foreign/litellm/bin/litellm')
const ask = (name: string, model: string, reaches: string[]) =>
  request(name, {
    method: 'POST',
    path: '/v1/chat/completions',
    body: { model, messages: [{ role: 'user', content: 'Summarise the episode.' }] },
    idempotencyKey: true,
    reaches,
  })

export default defineConfig({
  gateway: {
    command: `exec '${program}' --config {files.litellm.yaml} --host 127.0.0.1 --port {PORT}`,
    env: { LITELLM_LOCAL_MODEL_COST_MAP: 'True', LITELLM_TELEMETRY: 'False' },
    files: { 'litellm.yaml': './litellm.yaml.template' },
    headers: { authorization: 'Bearer sk-master' },
    readyPath: '/health/liveliness',
    readyWithin: '2m',
  },
  upstreams: { openai, gemini },
  routes: [
    ask('chat', 'openai-alone', ['openai']),
    ask('chat with a fallback', 'openai-then-gemini', ['openai', 'gemini']),
    ask('chat with Gemini', 'gemini-alone', ['gemini']),
  ],
  rate: 20,
})
