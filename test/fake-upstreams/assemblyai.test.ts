import { expect, it } from 'vitest'
import { assemblyai } from '../../fake-upstreams/assemblyai.ts'
import { asker } from './asker.ts'

const sample = assemblyai.routes['getTranscript']!.samples.paths[0]!

function submitted(ask: ReturnType<typeof asker>, options: Record<string, unknown> = {}): { id: string; status: string } {
  return ask('POST', '/v2/transcript', { audio_url: 'https://example.test/a.mp3', ...options }).json as { id: string; status: string }
}

it('takes an upload and names where it is', () => {
  const ask = asker(assemblyai)
  expect(ask('POST', '/v2/upload', Buffer.from('audio'))).toMatchObject({
    status: 200,
    json: { upload_url: expect.stringMatching(/^https:\/\/cdn\.assemblyai\.com\/upload\/[0-9a-f]{32}$/) },
  })
  expect(ask('POST', '/v2/upload')).toMatchObject({ status: 400, json: { error: expect.any(String) } })
})

it('takes a transcript from queued over processing to completed, one step a poll', () => {
  const ask = asker(assemblyai)
  const { id, status } = submitted(ask)
  const polls = Array.from({ length: 3 }, () => ask('GET', `/v2/transcript/${id}`).json as { status: string; text: string | null })
  expect([status, ...polls.map((poll) => poll.status)]).toEqual(['queued', 'processing', 'completed', 'completed'])
  expect(polls.map((poll) => poll.text !== null)).toEqual([false, true, true])
})

it('times the words of a finished transcript in milliseconds', () => {
  const { words, text } = asker(assemblyai)('GET', sample).json as { words: { text: string; start: number; end: number }[]; text: string }
  expect(words.map((word) => word.text).join(' ')).toBe(text)
  expect(words.every((word, at) => word.end > word.start && word.start >= (words[at - 1]?.end ?? 0))).toBe(true)
})

it('repeats the options it was asked for', () => {
  expect(submitted(asker(assemblyai), { speaker_labels: true, webhook_url: 'https://example.test/hook' })).toMatchObject({
    speaker_labels: true,
    webhook_url: 'https://example.test/hook',
  })
})

it('lists the newest first, by status and up to a limit', () => {
  const ask = asker(assemblyai)
  const ids = [submitted(ask).id, submitted(ask).id]
  const list = (query: string) =>
    (ask('GET', `/v2/transcript?${query}`).json as { transcripts: { id: string }[] }).transcripts.map(({ id }) => id)
  expect(list('limit=2')).toEqual(ids.toReversed())
  expect(list('status=queued')).toEqual(ids.toReversed())
  expect(list('limit=7')).toHaveLength(7)
})

it('wipes a deleted transcript and keeps its entry', () => {
  const ask = asker(assemblyai)
  const { id } = submitted(ask)
  expect(ask('DELETE', `/v2/transcript/${id}`)).toMatchObject({ status: 200, json: { id, audio_url: 'http://deleted_by_user' } })
  expect(ask('GET', `/v2/transcript/${id}`).json).toMatchObject({
    audio_url: 'http://deleted_by_user',
    text: 'Deleted by user.',
    words: null,
  })
})

it('answers 400 for an id that it does not know, as the service does', () => {
  expect(asker(assemblyai)('GET', '/v2/transcript/none')).toMatchObject({
    status: 400,
    json: { error: 'Transcript lookup error, transcript id not found' },
  })
})

it('refuses a transcript without audio', () => {
  expect(asker(assemblyai)('POST', '/v2/transcript', {})).toMatchObject({ status: 400, json: { error: expect.any(String) } })
})

it('fails in its own error shape', () => {
  expect([assemblyai.errorBody(503), assemblyai.errorBody(500)]).toEqual([{ error: 'Service unavailable' }, { error: expect.any(String) }])
})

it('answers every sample of every route', () => {
  const ask = asker(assemblyai)
  const routes = Object.values(assemblyai.routes)
  expect(routes.length).toBeGreaterThan(0)
  for (const { method, samples } of routes)
    for (const path of samples.paths) expect([path, ask(method, path, samples.bodies[0]).status]).toEqual([path, 200])
})

it('remembers a bounded number of transcripts, and never forgets the samples', () => {
  const ask = asker(assemblyai)
  const first = submitted(ask).id
  for (let count = 0; count < 10_000; count++) submitted(ask)
  expect(ask('GET', `/v2/transcript/${first}`).status).toBe(400)
  expect(ask('GET', sample).status).toBe(200)
})
