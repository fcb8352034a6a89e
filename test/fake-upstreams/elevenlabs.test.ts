import { expect, it } from 'vitest'
import { elevenlabs } from '../../fake-upstreams/elevenlabs.ts'
import { asker } from './asker.ts'

const [voice] = elevenlabs.routes['textToSpeech']!.samples.paths

it('speaks a text, longer for a longer text, and streams the same in pieces', () => {
  const speak = (path: string, text: string) => asker(elevenlabs)('POST', path, { text })
  const short = speak(voice!, 'hello')
  expect(short.headers['content-type']).toBe('audio/mpeg')
  expect(speak(voice!, 'hello '.repeat(50)).text.length).toBeGreaterThan(short.text.length)
  expect(speak(`${voice}/stream`, 'hello').text).toBe(short.text)
})

it('refuses an unknown voice, and a body without a text', () => {
  const ask = asker(elevenlabs)
  expect(ask('POST', '/v1/text-to-speech/none', { text: 'hello' })).toMatchObject({
    status: 404,
    json: { detail: { status: 'voice_not_found' } },
  })
  expect(ask('POST', voice!, {})).toMatchObject({ status: 422, json: { detail: [{ loc: ['body', 'text'] }] } })
})
