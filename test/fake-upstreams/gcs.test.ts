import { expect, it } from 'vitest'
import { gcs } from '../../fake-upstreams/gcs.ts'
import { crc32cOf } from '../../fake-upstreams/gcs/checksums.ts'
import { asker } from './asker.ts'

it('gives back what was uploaded, byte for byte, with its type and checksum', () => {
  const ask = asker(gcs)
  const bytes = Buffer.from([0, 255, 1, 254, 13, 10, 13, 10])
  const uploaded = ask('POST', '/upload/storage/v1/b/talks/o?uploadType=media&name=a%2Fb.bin', bytes, { 'content-type': 'audio/wav' })
  expect(uploaded).toMatchObject({ status: 200, json: { bucket: 'talks', name: 'a/b.bin', size: '8', contentType: 'audio/wav' } })
  const fetched = ask('GET', '/storage/v1/b/talks/o/a%2Fb.bin?alt=media')
  expect(fetched.bytes).toEqual(bytes)
  expect(fetched.headers).toMatchObject({
    'content-type': 'audio/wav',
    'x-goog-hash': expect.stringContaining(`md5=${(uploaded.json as { md5Hash: string }).md5Hash}`) as unknown,
  })
})

it('takes an upload of metadata and bytes in two parts', () => {
  const ask = asker(gcs)
  const body = [
    '--cut\r\ncontent-type: application/json\r\n\r\n{"name":"c.mp3"}\r\n',
    '--cut\r\ncontent-type: audio/mpeg\r\n\r\nsound\r\n\r\nmore\r\n',
    '--cut--',
  ].join('')
  ask('POST', '/upload/storage/v1/b/talks/o?uploadType=multipart', Buffer.from(body), { 'content-type': 'multipart/related; boundary=cut' })
  expect(ask('GET', '/download/storage/v1/b/talks/o/c.mp3?alt=media')).toMatchObject({ status: 200, text: 'sound\r\n\r\nmore' })
})

it('overwrites an object with a new generation, lists by prefix, and forgets what was deleted', () => {
  const ask = asker(gcs)
  const upload = () => ask('POST', '/upload/storage/v1/b/talks/o?uploadType=media&name=d', 'x').json as { generation: string }
  expect(Number(upload().generation)).toBeLessThan(Number(upload().generation))
  expect(ask('GET', '/storage/v1/b/podcast-audio/o?prefix=episodes%2F1').json).toMatchObject({ items: { length: 11 } })
  expect(ask('DELETE', '/storage/v1/b/talks/o/d').status).toBe(204)
  expect(ask('GET', '/storage/v1/b/talks/o/d')).toMatchObject({ status: 404, json: { error: { errors: [{ reason: 'notFound' }] } } })
})

it('takes a resumable upload in parts, at the address that it gives for it', () => {
  const ask = asker(gcs)
  const begun = ask(
    'POST',
    '/upload/storage/v1/b/talks/o?uploadType=resumable&name=e.mp3',
    {},
    { host: 'gateway:1', 'x-upload-content-type': 'audio/mpeg' },
  )
  const { host, pathname, search } = new URL(begun.headers['location'] ?? '')
  expect(host).toBe('gateway:1')
  const send = (part: string, range: string) => ask('PUT', `${pathname}${search}`, Buffer.from(part), { 'content-range': range })
  expect(send('abc', 'bytes 0-2/6')).toMatchObject({ status: 308, headers: { range: 'bytes=0-2' } })
  expect(ask('GET', '/storage/v1/b/talks/o/e.mp3').status).toBe(404)
  expect(send('def', 'bytes 3-5/6')).toMatchObject({ status: 200, json: { size: '6', contentType: 'audio/mpeg' } })
  expect(ask('GET', '/storage/v1/b/talks/o/e.mp3?alt=media').text).toBe('abcdef')
  expect(send('ghi', 'bytes 6-8/9').status).toBe(404)
})

it('gives the checksum that is known of nine digits', () => {
  expect(Buffer.from(crc32cOf(Buffer.from('123456789')), 'base64').toString('hex')).toBe('e3069283')
})
