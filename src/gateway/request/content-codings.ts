// How large a body is once it is decoded. Protects the upstream from a few kilobytes that decode to gigabytes.
//
// A coding that is not known here cannot be measured, so such a body is refused with 415 (RFC 9110 §15.5.16) instead of passing the
// limit. A body that does not decode as it says is passed on: the upstream knows best what to do with it.
import { createBrotliDecompress, createGunzip, createInflate, createInflateRaw, createZstdDecompress } from 'node:zlib'

type Decoder = ReturnType<typeof createGunzip>

const decoders = new Map<string, (body: Buffer) => Decoder>([
  ['gzip', () => createGunzip()],
  ['x-gzip', () => createGunzip()],
  // Some send what RFC 1950 does not allow: deflate without its two bytes of header.
  ['deflate', (body) => (isZlib(body) ? createInflate() : createInflateRaw())],
  ['br', () => createBrotliDecompress()],
  ['zstd', () => createZstdDecompress()],
])

/** What an Accept-Encoding of ours says. */
export const acceptedCodings = 'gzip, deflate, br, zstd'

const MOST_CODINGS = 4

/** Codings in the order in which they were applied; undefined when there is one that cannot be undone here, or too many. */
export function codingsOf(contentEncoding: string | undefined): string[] | undefined {
  if (contentEncoding === undefined) return []
  const codings = contentEncoding
    .split(',')
    .map((coding) => coding.trim().toLowerCase())
    .filter((coding) => coding !== '' && coding !== 'identity')
  return codings.length <= MOST_CODINGS && codings.every((coding) => decoders.has(coding)) ? codings : undefined
}

/** Calls `answer` once; decoding stops at `limit`, at whatever step it is passed. */
export function exceedsWhenDecoded(body: Buffer, codings: readonly string[], limit: number, answer: (exceeds: boolean) => void): void {
  const coding = codings.at(-1)
  if (coding === undefined) return answer(false)
  const rest = codings.slice(0, -1)
  const decoder = decoders.get(coding)!(body) // every coding of `codingsOf` has one
  const chunks: Buffer[] = []
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
    else if (rest.length > 0) chunks.push(chunk)
  })
  decoder.on('end', () => {
    if (rest.length === 0) return finish(false)
    exceedsWhenDecoded(Buffer.concat(chunks), rest, limit, finish)
  })
  decoder.on('error', () => finish(false))
  decoder.end(body)
}

function isZlib(body: Buffer): boolean {
  return body.length >= 2 && (body[0]! & 0x0f) === 8 && body.readUInt16BE(0) % 31 === 0
}
