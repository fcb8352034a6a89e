import { expect, it } from 'vitest'
import { openai } from '../../fake-upstreams/openai.ts'
import { joined } from '../../src/contract/piece.ts'
import { responder } from '../../src/upstreams/answering/responder.ts'

const key = { authorization: 'Bearer sk-fake' }
const question = { model: 'gpt-4o', messages: [{ role: 'user', content: 'Why is the sky blue?' }] }

function ask(method: string, target: string, body?: unknown, headers: Record<string, string> = key) {
  const { answer, route } = responder(openai, 1).respond(
    { method, target, headers, body: Buffer.from(body === undefined ? '' : JSON.stringify(body)) },
    0,
  )
  if (answer.is !== 'sent') throw new Error('no answer')
  const text = joined(answer.pieces).toString()
  return { route, status: answer.status, headers: answer.headers, text }
}

const errorOf = (text: string): unknown => (JSON.parse(text) as { error: unknown }).error

it('says on each answer how much of its limits is left', () => {
  const { status, headers } = ask('POST', '/v1/chat/completions', question)
  expect(status).toBe(200)
  expect(headers).toMatchObject({
    'x-ratelimit-limit-requests': '10000',
    'x-ratelimit-remaining-requests': '9999',
    'x-ratelimit-reset-requests': '6ms',
    'x-ratelimit-remaining-tokens': expect.stringMatching(/^19999\d\d$/),
    'x-request-id': expect.stringMatching(/^req_\w{32}$/),
  })
})

it('answers a request for a stream on a route of its own, and ends it with [DONE]', () => {
  const { route, headers, text } = ask('POST', '/v1/chat/completions', { ...question, stream: true })
  expect(route).toBe('streamChatCompletion')
  expect(headers['content-type']).toMatch(/^text\/event-stream/)
  expect(text.endsWith('data: [DONE]\n\n')).toBe(true)
  expect(ask('POST', '/v1/chat/completions', { ...question, stream: false }).route).toBe('createChatCompletion')
})

it('tells what a stream took only where that is asked for', () => {
  const text = (options: object) => ask('POST', '/v1/chat/completions', { ...question, stream: true, ...options }).text
  expect(text({})).not.toContain('usage')
  expect(text({ stream_options: { include_usage: true } })).toMatch(/"choices":\[\],"usage":\{"prompt_tokens":5,/)
})

it.each([
  ['no key', { headers: {} }, 401, { type: 'invalid_request_error', code: null }],
  ['a key without money', { headers: { authorization: 'Bearer sk-no-quota' } }, 429, { code: 'insufficient_quota' }],
  ['an unknown model', { body: { ...question, model: 'gpt-9' } }, 404, { code: 'model_not_found' }],
  ['a model that cannot chat', { body: { ...question, model: 'text-embedding-3-small' } }, 404, { code: 'model_not_found' }],
  ['no model', { body: { messages: question.messages } }, 400, { message: 'you must provide a model parameter' }],
  ['no messages', { body: { model: 'gpt-4o', messages: [null, { content: [null] }] } }, 400, { param: 'messages' }],
  ['no JSON object', { body: 'hello' }, 400, { type: 'invalid_request_error' }],
])(
  'refuses %s as the service does',
  (_, { body = question, headers }: { body?: unknown; headers?: Record<string, string> }, status, error) => {
    const told = ask('POST', '/v1/chat/completions', body, headers)
    expect(told.status).toBe(status)
    expect(errorOf(told.text)).toMatchObject(error)
  },
)

it('fails in its own error shape, and says of a 429 that nothing is left', () => {
  const { faults, respond } = responder(openai, 1)
  faults.set({ id: 'f', fault: { is: 'status', status: 429, retryAfter: '2' }, hits: {} })
  const { answer } = respond(
    { method: 'POST', target: '/v1/chat/completions', headers: key, body: Buffer.from(JSON.stringify(question)) },
    0,
  )
  expect(answer).toMatchObject({ status: 429, headers: { 'x-ratelimit-remaining-requests': '0', 'retry-after': '2' } })
  expect(openai.errorBody(429)).toMatchObject({ error: { code: 'rate_limit_exceeded' } })
  expect(openai.errorBody(503)).toEqual({
    error: { message: 'The engine is currently overloaded, please try again later', type: 'server_error', param: null, code: null },
  })
  expect(openai.errorBody(502)).toMatchObject({ error: { type: 'server_error' } })
})

it('answers every sample of every route, each by its own route', () => {
  const routes = Object.values(openai.routes)
  expect(routes.length).toBeGreaterThan(0)
  for (const { name, method, samples } of routes)
    for (const path of samples.paths) {
      const { status, route } = ask(method, path, samples.bodies[0], samples.headers)
      expect([path, status, route]).toEqual([path, 200, name])
    }
})
