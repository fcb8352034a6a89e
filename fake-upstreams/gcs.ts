// Google Cloud Storage by its JSON API, v1 (cloud.google.com/storage/docs/json_api): an object that was uploaded is there to be fetched.
import { createHash } from 'node:crypto'
import { BoundedMap } from '../src/upstreams/bounded-map.ts'
import { type Reply, type UpstreamRequest, defineUpstream } from '../src/upstreams/define.ts'
import { serveAlone } from '../src/upstreams/serve-alone.ts'

interface Stored {
  bucket: string
  name: string
  contentType: string
  bytes: Buffer
  generation: number
}

interface Memory {
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
        const object = { ...upload, generation: ++memory.generations }
        memory.objects.set(keyOf(object.bucket, object.name), object)
        return { body: shown(object) }
      },
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
  return isMedia
    ? { headers: { 'content-type': stored.contentType, 'x-goog-hash': `md5=${md5Of(stored.bytes)}` }, body: stored.bytes }
    : { body: shown(stored) }
}

/** A media upload names the object in its query. In a multipart upload the first part is the metadata, and the second the bytes. */
function uploadOf({ params, query, headers, body }: UpstreamRequest): Omit<Stored, 'generation'> {
  const bucket = params['bucket'] ?? ''
  const contentType = headers['content-type'] ?? 'application/octet-stream'
  const [, boundary] = /^multipart\/related;.*boundary="?([^";]+)"?/i.exec(contentType) ?? []
  if (boundary === undefined) return { bucket, name: query.get('name') ?? '', contentType, bytes: body }
  const [, metadata = '', media = ''] = body.toString('latin1').split(`--${boundary}`)
  const [head, bytes] = halves(media)
  const { name } = (parsed(Buffer.from(halves(metadata)[1], 'latin1').toString()) ?? {}) as { name?: unknown }
  const [, type = 'application/octet-stream'] = /content-type:\s*([^\r\n]+)/i.exec(head) ?? []
  return {
    bucket,
    name: typeof name === 'string' ? name : (query.get('name') ?? ''),
    contentType: type,
    bytes: Buffer.from(bytes.replace(/\r\n$/, ''), 'latin1'),
  }
}

function halves(part: string): [string, string] {
  const at = part.indexOf('\r\n\r\n')
  return at < 0 ? [part, ''] : [part.slice(0, at), part.slice(at + 4)]
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function keyOf(bucket: string, name: string): string {
  return `${bucket}/${name}`
}

function md5Of(bytes: Buffer): string {
  return createHash('md5').update(bytes).digest('base64')
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
    generation: String(generation),
    metageneration: '1',
    storageClass: 'STANDARD',
    timeCreated: TIME,
    updated: TIME,
    mediaLink: `/download/storage/v1/b/${bucket}/o/${encodeURIComponent(name)}?alt=media`,
  }
}

if (import.meta.main) await serveAlone(gcs)
