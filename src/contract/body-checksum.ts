// How a body is compared without being kept: its length and its CRC-32. Both ends of the gateway measure bodies in this way.
import { crc32 } from 'node:zlib'

/** The checksum of a whole body: CRC-32 (ISO-HDLC, as in gzip), eight hex digits. */
export function bodyChecksum(body: Uint8Array | string): string {
  return hex(crc32(body))
}

export interface BodyMeter {
  add(piece: Uint8Array): void
  /** Bytes so far. */
  readonly length: number
  /** Of the bytes so far. */
  checksum(): string
}

/** Measures a body that comes in pieces. */
export function bodyMeter(): BodyMeter {
  let length = 0
  let sum = 0
  return {
    add(piece) {
      length += piece.length
      sum = crc32(piece, sum)
    },
    get length() {
      return length
    },
    checksum: () => hex(sum),
  }
}

function hex(sum: number): string {
  return sum.toString(16).padStart(8, '0')
}
