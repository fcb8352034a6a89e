import { beforeAll, describe, expect, it } from 'vitest'
import { anthropic } from '../../../../fake-upstreams/anthropic.ts'
import { type ErrorClass, installed, library, serving } from './client-library.ts'

interface Message {
  content: { type: string; text: string }[]
  stop_reason: string | null
  usage: { input_tokens: number; output_tokens: number }
  _request_id?: string
}

interface Client {
  messages: {
    create(asked: object): Promise<Message>
    stream(asked: object): { on(event: 'text', take: (text: string) => void): unknown; finalMessage(): Promise<Message> }
    countTokens(asked: object): Promise<{ input_tokens: number }>
  }
  models: { list(): AsyncIterable<{ id: string }>; retrieve(id: string): Promise<{ id: string; type: string }> }
}

type Sdk = Record<string, ErrorClass> & { default: new (options: object) => Client }

describe.skipIf(!installed.available)('@anthropic-ai/sdk', () => {
  const fake = serving(anthropic)
  let sdk: Sdk
  let client: Client
  const question = { model: 'claude-haiku-4-5', max_tokens: 64, messages: [{ role: 'user', content: 'Name a risk.' }] }

  beforeAll(async () => {
    sdk = await library<Sdk>('@anthropic-ai/sdk')
    client = new sdk.default({ apiKey: 'any', baseURL: fake.url(), maxRetries: 0 })
  })

  it('gets a message, and the id of its request', async () => {
    const message = await client.messages.create(question)
    expect(message).toMatchObject({ stop_reason: 'end_turn', content: [{ type: 'text', text: expect.stringMatching(/\.$/) }] })
    expect(message._request_id).toMatch(/^req_/)
  })

  it('puts a message together of a stream', async () => {
    const stream = client.messages.stream(question)
    let text = ''
    stream.on('text', (piece) => (text += piece))
    const message = await stream.finalMessage()
    expect(message).toMatchObject({ stop_reason: 'end_turn', content: [{ type: 'text', text }] })
    expect(message.usage.output_tokens).toBeGreaterThan(1)
  })

  it('counts tokens, lists models, and gets one', async () => {
    expect((await client.messages.countTokens(question)).input_tokens).toBeGreaterThan(1)
    const ids = []
    for await (const { id } of client.models.list()) ids.push(id)
    expect(ids).toContain('claude-haiku-4-5')
    expect(await client.models.retrieve('claude-haiku-4-5')).toMatchObject({ id: 'claude-haiku-4-5', type: 'model' })
  })

  it('is told of a model that there is not', async () => {
    const asked = client.messages.create({ ...question, model: 'claude-0' })
    await expect(asked).rejects.toMatchObject({ constructor: sdk['NotFoundError'], status: 404 })
  })

  it.each([
    [401, 'AuthenticationError', 'authentication_error'],
    [429, 'RateLimitError', 'rate_limit_error'],
    [500, 'InternalServerError', 'api_error'],
    [529, 'OverloadedError', 'overloaded_error'],
  ])('fails with %i as its own %s', async (status, name, type) => {
    fake.fail(status)
    const asked = client.messages.create(question)
    await expect(asked).rejects.toMatchObject({ constructor: sdk[name], status, error: { type: 'error', error: { type } } })
  })
})
