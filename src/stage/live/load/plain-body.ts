// A body as it was before it was compressed, within bounds: what a gateway sends may be made to grow without end.
import { brotliDecompressSync, gunzipSync, inflateSync, zstdDecompressSync } from 'node:zlib'

type Decoder = (body: Buffer, options: { maxOutputLength: number }) => Buffer

const decoders: ReadonlyMap<string, Decoder> = new Map<string, Decoder>([
  ['gzip', gunzipSync],
  ['x-gzip', gunzipSync],
  ['deflate', inflateSync],
  ['br', brotliDecompressSync],
  ['zstd', zstdDecompressSync],
])

const MAX_PLAIN_BYTES = 8 * 1024 * 1024

/** Whether a body in this `content-encoding` can be read. A body that was coded twice is not. */
export const isReadable = (coding: string): boolean => decoders.has(coding.trim().toLowerCase())

/** Undefined where it cannot be read, or is longer than 8 MiB. */
export function plainBody(coding: string, pieces: readonly Uint8Array[]): Buffer | undefined {
  try {
    return decoders.get(coding.trim().toLowerCase())?.(Buffer.concat(pieces), { maxOutputLength: MAX_PLAIN_BYTES })
  } catch {
    return undefined
  }
}
