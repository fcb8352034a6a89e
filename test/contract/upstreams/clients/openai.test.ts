// The fake OpenAI API as the service's own client sees it.
import OpenAI from 'openai'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openai } from '../../../../fake-upstreams/openai.ts'
import { serveControlled } from '../../../../src/upstreams/serve-controlled.ts'

let served: Awaited<ReturnType<typeof serveControlled>>
const clientWith = (options: { apiKey?: string } = {}) =>
  new OpenAI({ baseURL: `${served.traffic.url}/v1`, apiKey: 'sk-fake', maxRetries: 0, ...options })

beforeAll(async () => {
  served = await serveControlled(openai, { port: 0, host: '127.0.0.1', controlPort: 0, controlHost: '127.0.0.1', seed: 1 })
})
afterAll(() => served.close())

const question = { model: 'gpt-4o-mini', messages: [{ role: 'user' as const, content: 'Why is the sky blue?' }] }

it('completes a chat', async () => {
  const { data, response, request_id: id } = await clientWith().chat.completions.create(question).withResponse()
  expect(data.choices[0]).toMatchObject({
    finish_reason: 'stop',
    message: { role: 'assistant', content: expect.stringMatching(/\w+\. $/) },
  })
  expect(data.usage!.total_tokens).toBe(data.usage!.prompt_tokens + data.usage!.completion_tokens)
  expect(id).toMatch(/^req_/)
  expect(response.headers.get('x-ratelimit-remaining-requests')).toBe('9999')
})

it('streams a chat, piece by piece, with what it took at the end', async () => {
  const stream = await clientWith().chat.completions.create({ ...question, stream: true, stream_options: { include_usage: true } })
  const chunks = []
  for await (const chunk of stream) chunks.push(chunk)
  expect(chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('')).toMatch(/^\w.+\. $/)
  expect(chunks.at(-2)?.choices[0]?.finish_reason).toBe('stop')
  expect(chunks.at(-1)?.usage?.total_tokens).toBeGreaterThan(0)
})

it('embeds texts, in the form that the client asks for by itself', async () => {
  const { data } = await clientWith().embeddings.create({ model: 'text-embedding-3-small', input: ['one', 'two'] })
  expect(data.map(({ embedding }) => Math.hypot(...embedding))).toEqual([expect.closeTo(1), expect.closeTo(1)])
})

it('lists models, and gets one', async () => {
  const { data } = await clientWith().models.list()
  expect(data.map(({ id }) => id)).toContain('gpt-4o-mini')
  expect(await clientWith().models.retrieve('gpt-4o-mini')).toMatchObject({ object: 'model', owned_by: 'system' })
})

it('is refused in the classes of error that the client knows', async () => {
  const chat = (options?: { apiKey?: string }, model = 'gpt-4o') => clientWith(options).chat.completions.create({ ...question, model })
  await expect(chat({ apiKey: 'sk-no-quota' })).rejects.toMatchObject({ constructor: OpenAI.RateLimitError, code: 'insufficient_quota' })
  await expect(chat({}, 'gpt-9')).rejects.toMatchObject({ constructor: OpenAI.NotFoundError, code: 'model_not_found' })
})

it.each([
  [401, OpenAI.AuthenticationError, 'invalid_api_key'],
  [429, OpenAI.RateLimitError, 'rate_limit_exceeded'],
  [500, OpenAI.InternalServerError, null],
  [503, OpenAI.InternalServerError, null],
])('fails with %i as the client expects it', async (status, constructor, code) => {
  served.traffic.faults.set({ id: 'failing', fault: { is: 'status', status }, hits: {} })
  await expect(clientWith().chat.completions.create(question)).rejects.toMatchObject({ constructor, status, code })
})
