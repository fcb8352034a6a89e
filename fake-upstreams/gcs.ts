// Google Cloud Storage by its JSON API, v1 (cloud.google.com/storage/docs/json_api): an object that was uploaded is there to be fetched.
import { BoundedMap } from '../src/upstreams/bounded-map.ts'
import { type Reply, type UpstreamRequest, defineUpstream } from '../src/upstreams/define.ts'
import { serveAlone } from '../src/upstreams/serve-alone.ts'
import { crc32cOf, md5Of } from './gcs/checksums.ts'
import { type Uploaded, uploadOf } from './gcs/upload.ts'

interface Stored extends Uploaded {
  generation: number
}

interface Memory {
  /** Resumable uploads that are not complete, by id. */
  sessions: BoundedMap<Uploaded>
  /** By bucket and name. A thousand uploads are kept, since each holds its bytes. */
  objects: BoundedMap<Stored>
  generations: number
}

// Answers depend on no clock, so every object is of one day.
const TIME = '2026-01-05T09:00:00.000Z'
const BUCKET = 'podcast-audio'
const samples = Array.from({ length: 20 }, (_, at): Stored => ({
  bucket: BUCKET,
  name: `episodes/${at + 1}.mp3`,
  contentType: 'audio/mpeg',
  bytes: Buffer.from(`audio of episode ${at + 1} `.repeat(40)),
  generation: at + 1,
}))
const audioHeaders = { 'content-type': 'audio/mpeg' }

export const gcs = defineUpstream(import.meta, {
  name: 'gcs',
  latency: { median: '30ms', sigma: 0.35 },
  state: (): Memory => ({
    objects: new BoundedMap(
      samples.map((object) => [keyOf(object.bucket, object.name), object]),
      1_000,
    ),
    generations: samples.length,
    // One is always there, for load that only sends.
    sessions: new BoundedMap(
      [['first', { bucket: BUCKET, name: 'uploads/first.mp3', contentType: 'audio/mpeg', bytes: Buffer.alloc(0) }]],
      100,
    ),
  }),
  routes: {
    upload: {
      method: 'POST',
      path: '/upload/storage/v1/b/{bucket}/o',
      samples: {
        paths: Array.from({ length: 20 }, (_, at) => `/upload/storage/v1/b/${BUCKET}/o?uploadType=media&name=uploads%2F${at + 1}.mp3`),
        bodies: ['a few seconds of audio '.repeat(40)],
        headers: audioHeaders,
      },
      latency: { median: '80ms', sigma: 0.4 },
      reply: (request, memory) => {
        const upload = uploadOf(request)
        if (upload.name === '') return failed(400, 'Required', 'required')
        return request.query.get('uploadType') === 'resumable' ? begun(request, memory, upload) : kept(memory, upload)
      },
    },
    resumeUpload: {
      method: 'PUT',
      path: '/upload/storage/v1/b/{bucket}/o',
      samples: {
        paths: [`/upload/storage/v1/b/${BUCKET}/o?uploadType=resumable&upload_id=first`],
        bodies: ['a few seconds of audio '.repeat(40)],
        headers: audioHeaders,
      },
      latency: { median: '80ms', sigma: 0.4 },
      reply: (request, memory) => continued(request, memory),
    },
    getObject: {
      method: 'GET',
      path: '/storage/v1/b/{bucket}/o/{object}',
      samples: {
        paths: samples.flatMap(({ name }) => [
          `/storage/v1/b/${BUCKET}/o/${encodeURIComponent(name)}?alt=media`,
          `/storage/v1/b/${BUCKET}/o/${encodeURIComponent(name)}`,
        ]),
      },
      reply: (request, { objects }) => answer(objects, request, request.query.get('alt') === 'media'),
    },
    download: {
      method: 'GET',
      path: '/download/storage/v1/b/{bucket}/o/{object}',
      samples: { paths: samples.map(({ name }) => `/download/storage/v1/b/${BUCKET}/o/${encodeURIComponent(name)}?alt=media`) },
      reply: (request, { objects }) => answer(objects, request, true),
    },
    listObjects: {
      method: 'GET',
      path: '/storage/v1/b/{bucket}/o',
      samples: { paths: [`/storage/v1/b/${BUCKET}/o?prefix=episodes%2F`] },
      reply: ({ params, query }, { objects }) => {
        const prefix = query.get('prefix') ?? ''
        const items = [...objects.values()].filter(({ bucket, name }) => bucket === params['bucket'] && name.startsWith(prefix))
        return { body: { kind: 'storage#objects', items: items.slice(0, 100).map(shown) } }
      },
    },
    deleteObject: {
      method: 'DELETE',
      path: '/storage/v1/b/{bucket}/o/{object}',
      samples: { paths: [`/storage/v1/b/${BUCKET}/o/${encodeURIComponent('episodes/20.mp3')}`] },
      reply: ({ params }, { objects }) => {
        const { bucket = '', object = '' } = params
        return objects.delete(keyOf(bucket, object)) ? { status: 204 } : notFound(bucket, object)
      },
    },
  },
  errorBody: (status) => {
    const [message, reason] = messages.get(status) ?? ['We encountered an internal error. Please try again.', 'backendError']
    return failureBody(status, message, reason)
  },
})

const messages = new Map([
  [404, ['Not Found', 'notFound']],
  [408, ['Request timed out.', 'uploadBrokenConnection']],
  [429, ['The rate of requests exceeds the limit.', 'rateLimitExceeded']],
  [503, ['Backend Error', 'backendError']],
] as [number, [string, string]][])

function failureBody(code: number, message: string, reason: string) {
  return { error: { code, message, errors: [{ message, domain: 'global', reason }] } }
}

function failed(status: number, message: string, reason: string): Reply {
  return { status, body: failureBody(status, message, reason) }
}

function notFound(bucket: string, object: string): Reply {
  return failed(404, `No such object: ${bucket}/${object}`, 'notFound')
}

function answer(objects: BoundedMap<Stored>, { params }: UpstreamRequest, isMedia: boolean): Reply {
  const { bucket = '', object = '' } = params
  const stored = objects.get(keyOf(bucket, object))
  if (!stored) return notFound(bucket, object)
  const hashes = `crc32c=${crc32cOf(stored.bytes)},md5=${md5Of(stored.bytes)}`
  return isMedia ? { headers: { 'content-type': stored.contentType, 'x-goog-hash': hashes }, body: stored.bytes } : { body: shown(stored) }
}

function kept(memory: Memory, { bucket, name, contentType, bytes }: Uploaded): Reply {
  const object = { bucket, name, contentType, bytes, generation: ++memory.generations }
  memory.objects.set(keyOf(bucket, name), object)
  return { body: shown(object) }
}

/** A resumable upload begins with what it is about alone. Its parts go to the address in the answer. */
function begun({ random, headers }: UpstreamRequest, { sessions }: Memory, { bucket, name }: Uploaded): Reply {
  const id = random.next().toString(36).slice(2)
  const type = headers['x-upload-content-type']
  sessions.set(id, { bucket, name, contentType: typeof type === 'string' ? type : 'application/octet-stream', bytes: Buffer.alloc(0) })
  const location = `http://${headers.host ?? '127.0.0.1'}/upload/storage/v1/b/${bucket}/o?uploadType=resumable&upload_id=${id}`
  return { headers: { location, 'x-guploader-uploadid': id } }
}

/** `content-range: bytes 0-99/200` says that more comes; a part without it, or of unknown size, is all there is. */
function continued({ query, headers, body }: UpstreamRequest, memory: Memory): Reply {
  const id = query.get('upload_id') ?? ''
  const session = memory.sessions.get(id)
  if (!session) return failed(404, 'Not Found', 'notFound')
  const bytes = Buffer.concat([session.bytes, body])
  const [, total] = /\/(\d+)$/.exec(headers['content-range'] ?? '') ?? []
  if (total !== undefined && bytes.length < Number(total)) {
    memory.sessions.set(id, { ...session, bytes })
    return { status: 308, headers: bytes.length > 0 ? { range: `bytes=0-${bytes.length - 1}` } : {} }
  }
  memory.sessions.delete(id)
  return kept(memory, { ...session, bytes })
}

function keyOf(bucket: string, name: string): string {
  return `${bucket}/${name}`
}

function shown({ bucket, name, contentType, bytes, generation }: Stored) {
  return {
    kind: 'storage#object',
    id: `${bucket}/${name}/${generation}`,
    bucket,
    name,
    contentType,
    size: String(bytes.length),
    md5Hash: md5Of(bytes),
    crc32c: crc32cOf(bytes),
    generation: String(generation),
    metageneration: '1',
    storageClass: 'STANDARD',
    timeCreated: TIME,
    updated: TIME,
    mediaLink: `/download/storage/v1/b/${bucket}/o/${encodeURIComponent(name)}?alt=media`,
  }
}

if (import.meta.main) await serveAlone(gcs)
