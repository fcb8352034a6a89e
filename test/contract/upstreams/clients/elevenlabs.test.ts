import { beforeAll, describe, expect, it } from 'vitest'
import { elevenlabs } from '../../../../fake-upstreams/elevenlabs.ts'
import { type ErrorClass, installed, library, serving } from './client-library.ts'

interface Client {
  voices: { getAll(): Promise<{ voices: { voiceId: string; name: string }[] }> }
  models: { list(): Promise<{ modelId: string }[]> }
  textToSpeech: {
    convert(voice: string, asked: object): Promise<AsyncIterable<Uint8Array>>
    stream(voice: string, asked: object): Promise<AsyncIterable<Uint8Array>>
  }
  user: { subscription: { get(): Promise<{ status: string; characterLimit: number }> } }
}

interface Library {
  ElevenLabsClient: new (options: object) => Client
  ElevenLabsError: ErrorClass
}

async function sizeOf(audio: AsyncIterable<Uint8Array>): Promise<number> {
  let size = 0
  for await (const piece of audio) size += piece.length
  return size
}

describe.skipIf(!installed.available)('@elevenlabs/elevenlabs-js', () => {
  const fake = serving(elevenlabs)
  let client: Client
  let ElevenLabsError: ErrorClass
  const line = { text: 'Welcome to episode 1.', modelId: 'eleven_multilingual_v2' }

  beforeAll(async () => {
    const loaded = await library<Library>('@elevenlabs/elevenlabs-js')
    ElevenLabsError = loaded.ElevenLabsError
    client = new loaded.ElevenLabsClient({ apiKey: 'any', baseUrl: fake.url(), maxRetries: 0 })
    // It is of thousands of files.
  }, 180_000)

  it('gets audio at once, and as it is made', async () => {
    const voice = (await client.voices.getAll()).voices[0]!.voiceId
    const size = await sizeOf(await client.textToSpeech.convert(voice, line))
    expect(size).toBeGreaterThan(1000)
    expect(await sizeOf(await client.textToSpeech.stream(voice, line))).toBe(size)
  })

  it('lists models, and reads the subscription', async () => {
    expect((await client.models.list()).map(({ modelId }) => modelId)).toEqual(['eleven_multilingual_v2'])
    expect(await client.user.subscription.get()).toMatchObject({ status: 'active', characterLimit: 100_000 })
  })

  it('is told of a voice that there is not', async () => {
    const asked = client.textToSpeech.convert('none', line)
    await expect(asked).rejects.toMatchObject({ statusCode: 404, body: { detail: { status: 'voice_not_found' } } })
  })

  it.each([
    [401, 'invalid_api_key'],
    [429, 'too_many_concurrent_requests'],
    [503, 'system_busy'],
  ])('fails with %i as its own error', async (statusCode, status) => {
    fake.fail(statusCode)
    const asked = client.voices.getAll()
    await expect(asked).rejects.toMatchObject({ constructor: ElevenLabsError, statusCode, body: { detail: { status } } })
  })
})
