import { beforeAll, describe, expect, it } from 'vitest'
import { assemblyai } from '../../../../fake-upstreams/assemblyai.ts'
import { installed, library, serving } from './client-library.ts'

interface Transcript {
  id: string
  status: string
  text: string | null
}

interface Client {
  transcripts: {
    transcribe(asked: object, options: object): Promise<Transcript>
    submit(asked: object): Promise<Transcript>
    get(id: string): Promise<Transcript>
    delete(id: string): Promise<Transcript>
    list(asked?: object): Promise<{ transcripts: { id: string; created: Date }[] }>
  }
}

describe.skipIf(!installed.available)('assemblyai', () => {
  const fake = serving(assemblyai)
  let client: Client

  beforeAll(async () => {
    const { AssemblyAI } = await library<{ AssemblyAI: new (options: object) => Client }>('assemblyai')
    client = new AssemblyAI({ apiKey: 'any', baseUrl: fake.url() })
  })

  it('uploads audio, submits it, and polls until the transcript is there', async () => {
    const { id, status, text } = await client.transcripts.transcribe({ audio: Buffer.from('audio') }, { pollingInterval: 20 })
    expect(status).toBe('completed')
    expect(text).toMatch(/^welcome back/)
    const { transcripts } = await client.transcripts.list({ limit: 3 })
    expect(transcripts).toHaveLength(3)
    expect(transcripts[0]).toMatchObject({ id, created: expect.any(Date) })
  })

  it('deletes a transcript', async () => {
    const { id, status } = await client.transcripts.submit({ audio: 'https://example.com/episode.mp3' })
    expect(status).toBe('queued')
    expect((await client.transcripts.delete(id)).text).toBe('Deleted by user.')
  })

  it('is told of a transcript that there is not', async () => {
    await expect(client.transcripts.get('none')).rejects.toThrow('Transcript lookup error, transcript id not found')
  })

  it.each([
    [401, 'Authentication error, API token missing/invalid'],
    [429, 'Too Many Requests'],
    [503, 'Service unavailable'],
  ])('fails with %i in the words of the service', async (status, message) => {
    fake.fail(status)
    await expect(client.transcripts.list()).rejects.toThrow(message)
  })
})
