import { expect, it } from 'vitest'
import { azureOpenai } from '../../fake-upstreams/azure-openai.ts'
import { asker } from './asker.ts'

const question = { model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'hello' }] }

it("answers the chat of OpenAI's own API without its key, whole or as a stream", () => {
  const ask = asker(azureOpenai)
  expect(ask('POST', '/v1/chat/completions', question)).toMatchObject({ status: 200, json: { object: 'chat.completion' } })
  const { headers, text } = ask('POST', '/v1/chat/completions', { ...question, stream: true })
  expect(headers['content-type']).toMatch(/^text\/event-stream/)
  expect(text.endsWith('data: [DONE]\n\n')).toBe(true)
})

it('fails with a code that is a text, as Azure does', () => {
  expect(azureOpenai.errorBody(429)).toMatchObject({ error: { code: '429' } })
})
