// Reads a request body whole, so that it can be sent again; refuses it when it is larger than the limit, as sent or as decoded.
import type { IncomingMessage } from 'node:http'
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from 'node:zlib'

export type BodyRead =
  | { is: 'whole'; body: Buffer | undefined }
  /** `contentLength` when the client said so itself. */
  | { is: 'too_large'; contentLength: number | undefined }
  /** The client went away in mid-body. */
  | { is: 'gone' }

const decoders = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
  zstd: createZstdDecompress,
}

/** Calls `done` once; at once when there is no body, as in most requests. */
export function readBody(request: IncomingMessage, limit: number, done: (read: BodyRead) => void): void {
  const length = request.headers['content-length']
  if (request.headers['transfer-encoding'] === undefined && (length === undefined || length === '0')) {
    return done({ is: 'whole', body: undefined })
  }
  const contentLength = length === undefined ? undefined : Number(length)
  if (contentLength !== undefined && contentLength > limit) return done({ is: 'too_large', contentLength })

  const chunks: Buffer[] = []
  let received = 0
  const finish = (read: BodyRead): void => {
    request.off('data', onData).off('end', onEnd).off('close', onClose)
    done(read)
  }
  const onData = (chunk: Buffer): void => {
    received += chunk.length
    if (received > limit) finish({ is: 'too_large', contentLength: undefined })
    else chunks.push(chunk)
  }
  const onClose = (): void => finish({ is: 'gone' })
  const onEnd = (): void => {
    const body = chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, received)
    const decoder = decoders[request.headers['content-encoding'] as keyof typeof decoders]
    if (!decoder) return finish({ is: 'whole', body })
    request.off('data', onData).off('end', onEnd)
    exceedsWhenDecoded(body, decoder(), limit, (exceeds) => {
      finish(exceeds ? { is: 'too_large', contentLength: undefined } : { is: 'whole', body })
    })
  }
  request.on('data', onData).on('end', onEnd).on('close', onClose)
}

// Protects the upstream from a few kilobytes that decode to gigabytes. Decoding stops at the limit. The upstream gets the body as it
// was sent, also one that does not decode.
function exceedsWhenDecoded(
  body: Buffer,
  decoder: ReturnType<(typeof decoders)['gzip']>,
  limit: number,
  answer: (exceeds: boolean) => void,
): void {
  let decoded = 0
  let answered = false
  const finish = (exceeds: boolean): void => {
    if (answered) return
    answered = true
    decoder.destroy()
    answer(exceeds)
  }
  decoder.on('data', (chunk: Buffer) => {
    decoded += chunk.length
    if (decoded > limit) finish(true)
  })
  decoder.on('end', () => finish(false)).on('error', () => finish(false))
  decoder.end(body)
}
