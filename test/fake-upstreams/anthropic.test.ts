import { expect, it } from 'vitest'
import { anthropic } from '../../fake-upstreams/anthropic.ts'
import { asker } from './asker.ts'

const prompt = { model: 'claude-haiku-4-5', max_tokens: 64, messages: [{ role: 'user', content: 'hello' }] }

it('answers with a message and its usage', () => {
  expect(asker(anthropic)('POST', '/v1/messages', prompt).json).toMatchObject({
    type: 'message',
    content: [{ type: 'text', text: expect.stringMatching(/\.$/) }],
    stop_reason: 'end_turn',
    usage: { output_tokens: expect.any(Number) },
  })
})

it('streams the events of a message in order, and its texts make the whole', () => {
  const { text, headers } = asker(anthropic)('POST', '/v1/messages', { ...prompt, stream: true })
  const events = text
    .trim()
    .split('\n\n')
    .map((event) => JSON.parse(event.split('\ndata: ')[1]!) as { type: string; delta?: { text?: string } })
  const types = events.map(({ type }) => type)
  expect(headers['content-type']).toContain('text/event-stream')
  expect([types[0], types.at(-1)]).toEqual(['message_start', 'message_stop'])
  const said = events.flatMap(({ delta }) => delta?.text ?? []).join('')
  const whole = asker(anthropic)('POST', '/v1/messages', prompt).json as { content: { text: string }[] }
  expect(said).toBe(whole.content[0]!.text)
})

it('refuses an unknown model, and a request without messages', () => {
  const ask = asker(anthropic)
  expect(ask('POST', '/v1/messages', { ...prompt, model: 'none' })).toMatchObject({
    status: 404,
    json: { error: { type: 'not_found_error' } },
  })
  expect(ask('POST', '/v1/messages', { ...prompt, messages: [] })).toMatchObject({
    status: 400,
    json: { error: { type: 'invalid_request_error' } },
  })
  expect(anthropic.errorBody(529)).toEqual({ type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } })
})
