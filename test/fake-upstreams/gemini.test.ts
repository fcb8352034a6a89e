import { describe, expect, it } from 'vitest'
import { createParser } from 'eventsource-parser'
import { gemini } from '../../fake-upstreams/gemini.ts'
import { asker } from './asker.ts'

const ask = asker(gemini)
const model = '/v1beta/models/gemini-2.5-flash'
const question = { contents: [{ role: 'user', parts: [{ text: 'Why is the sky blue?' }] }] }

interface Generated {
  candidates: { content: { parts: { text: string }[]; role: string }; finishReason?: string; index: number }[]
  usageMetadata: { promptTokenCount: number; candidatesTokenCount: number; totalTokenCount: number }
  modelVersion: string
  responseId: string
}

it('generates content in the shape of a GenerateContentResponse', () => {
  const { status, json } = ask('POST', `${model}:generateContent`, question)
  expect(status).toBe(200)
  expect(json).toEqual({
    candidates: [{ content: { parts: [{ text: expect.any(String) }], role: 'model' }, finishReason: 'STOP', index: 0 }],
    usageMetadata: {
      promptTokenCount: 5,
      candidatesTokenCount: expect.any(Number),
      totalTokenCount: expect.any(Number),
      promptTokensDetails: [{ modality: 'TEXT', tokenCount: 5 }],
    },
    modelVersion: 'gemini-2.5-flash',
    responseId: expect.stringMatching(/^[\w-]{22}$/),
  })
})

describe('a stream', () => {
  it('comes as events that each hold a response, the last with the reason it ended', () => {
    const responses: Generated[] = []
    const parser = createParser({ onEvent: ({ data }) => responses.push(JSON.parse(data) as Generated) })
    const { headers, text } = ask('POST', `${model}:streamGenerateContent?alt=sse`, question)
    parser.feed(text)
    expect(headers['content-type']).toBe('text/event-stream')
    expect(responses.length).toBeGreaterThan(1)
    expect(new Set(responses.map(({ responseId }) => responseId)).size).toBe(1)
    expect(responses.map(({ candidates }) => candidates[0]?.finishReason)).toEqual([
      ...Array<undefined>(responses.length - 1).fill(undefined),
      'STOP',
    ])
  })

  it('comes as one JSON array without alt=sse', () => {
    expect((ask('POST', `${model}:streamGenerateContent`, question).json as Generated[]).at(-1)?.candidates[0]?.finishReason).toBe('STOP')
  })
})

it('counts tokens', () => {
  expect(ask('POST', `${model}:countTokens`, question).json).toMatchObject({ totalTokens: 5 })
})

it('embeds one content, and a batch of them', () => {
  const content = { parts: [{ text: 'a' }] }
  const one = ask('POST', '/v1beta/models/gemini-embedding-001:embedContent', { content }).json as { embedding: { values: number[] } }
  expect(Math.hypot(...one.embedding.values)).toBeCloseTo(1)
  const batch = ask('POST', '/v1beta/models/gemini-embedding-001:batchEmbedContents', { requests: [{ content }, { content }] })
  expect((batch.json as { embeddings: unknown[] }).embeddings).toHaveLength(2)
})

it('lists models, and gets each by its name', () => {
  const { models } = ask('GET', '/v1beta/models').json as { models: { name: string }[] }
  expect(models.length).toBeGreaterThan(0)
  for (const listed of models) expect(ask('GET', `/v1beta/${listed.name}`).json).toEqual(listed)
})

it.each([
  ['POST', '/v1beta/models/gemini-9:generateContent', question, 404, 'NOT_FOUND'],
  ['POST', '/v1beta/models/gemini-embedding-001:generateContent', question, 404, 'NOT_FOUND'],
  ['POST', `${model}:generateContent`, { contents: [] }, 400, 'INVALID_ARGUMENT'],
  ['POST', `${model}:generateContent`, undefined, 400, 'INVALID_ARGUMENT'],
  ['GET', '/v1beta/models/gemini-9', undefined, 404, 'NOT_FOUND'],
])('refuses %s %s with %j as the service does', (method, path, body, status, code) => {
  expect(ask(method, path, body)).toMatchObject({ status, json: { error: { code: status, message: expect.any(String), status: code } } })
})

it('fails in the error shape of Google APIs', () => {
  expect(gemini.errorBody(503)).toEqual({
    error: { code: 503, message: 'The model is overloaded. Please try again later.', status: 'UNAVAILABLE' },
  })
  expect(gemini.errorBody(429)).toMatchObject({ error: { status: 'RESOURCE_EXHAUSTED' } })
})

it('answers every sample of every route', () => {
  const routes = Object.values(gemini.routes)
  expect(routes.length).toBeGreaterThan(0)
  for (const { method, samples } of routes)
    for (const path of samples.paths) expect([path, ask(method, path, samples.bodies[0]).status]).toEqual([path, 200])
})

it('answers below v1 as well, and below nothing else', () => {
  expect(ask('GET', '/v1/models').status).toBe(200)
  expect(ask('POST', '/v1/models/gemini-2.5-flash:generateContent', question).status).toBe(200)
  for (const path of ['/v2/models', '/v2/models/gemini-2.5-flash']) expect(ask('GET', path).status).toBe(404)
  expect(ask('POST', '/v2/models/gemini-2.5-flash:generateContent', question).status).toBe(404)
})
