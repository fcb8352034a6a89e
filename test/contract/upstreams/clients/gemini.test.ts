import { beforeAll, describe, expect, it } from 'vitest'
import { gemini } from '../../../../fake-upstreams/gemini.ts'
import { type ErrorClass, installed, library, serving } from './client-library.ts'

interface Answer {
  text: string
  candidates: { finishReason?: string }[]
}

interface Client {
  models: {
    generateContent(asked: object): Promise<Answer>
    generateContentStream(asked: object): Promise<AsyncIterable<Answer>>
    embedContent(asked: object): Promise<{ embeddings: { values: number[] }[] }>
    countTokens(asked: object): Promise<{ totalTokens: number }>
    list(): Promise<AsyncIterable<{ name: string }>>
  }
}

describe.skipIf(!installed.available)('@google/genai', () => {
  const fake = serving(gemini)
  let client: Client
  let ApiError: ErrorClass
  const question = { model: 'gemini-2.5-flash', contents: 'Why is the sky blue?' }

  beforeAll(async () => {
    const genai = await library<{ GoogleGenAI: new (options: object) => Client; ApiError: ErrorClass }>('@google/genai')
    ApiError = genai.ApiError
    client = new genai.GoogleGenAI({ apiKey: 'any', httpOptions: { baseUrl: fake.url() } })
  })

  it('gets a text', async () => {
    expect((await client.models.generateContent(question)).text).toMatch(/\w+\.$/)
  })

  it('reads a stream to its end', async () => {
    const pieces = []
    for await (const piece of await client.models.generateContentStream(question)) pieces.push(piece)
    expect(pieces.length).toBeGreaterThan(1)
    expect(pieces.every(({ text }) => text.length > 0)).toBe(true)
    expect(pieces.map(({ candidates }) => candidates[0]?.finishReason).filter(Boolean)).toEqual(['STOP'])
  })

  it('embeds texts, counts tokens, and lists models', async () => {
    const { embeddings } = await client.models.embedContent({ model: 'gemini-embedding-001', contents: ['one', 'two'] })
    expect(embeddings.map(({ values }) => Math.hypot(...values))).toEqual([expect.closeTo(1), expect.closeTo(1)])
    expect((await client.models.countTokens(question)).totalTokens).toBe(5)
    const names = []
    for await (const { name } of await client.models.list()) names.push(name)
    expect(names).toContain('models/gemini-2.5-flash')
  })

  it('is told of a model that there is not', async () => {
    const asked = client.models.generateContent({ ...question, model: 'gemini-0' })
    await expect(asked).rejects.toMatchObject({ constructor: ApiError, status: 404, message: expect.stringContaining('NOT_FOUND') })
  })

  it.each([
    [429, 'RESOURCE_EXHAUSTED'],
    [503, 'UNAVAILABLE'],
  ])('fails with %i as its own error', async (status, name) => {
    fake.fail(status)
    const asked = client.models.generateContent(question)
    await expect(asked).rejects.toMatchObject({ constructor: ApiError, status, message: expect.stringContaining(name) })
  })
})
