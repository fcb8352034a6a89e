// What a request uploads to Cloud Storage, in each of the ways that it may come.
import type { UpstreamRequest } from '../../src/upstreams/define.ts'

export interface Uploaded {
  bucket: string
  /** Empty where the request says none. */
  name: string
  contentType: string
  bytes: Buffer
}

/** A media upload names the object in its query. In a multipart upload the first part is the metadata, and the second the bytes. */
export function uploadOf({ params, query, headers, body }: UpstreamRequest): Uploaded {
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
