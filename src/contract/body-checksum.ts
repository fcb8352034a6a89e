// How a body is compared without being kept: its length and its CRC-32. Both ends of the gateway measure bodies in this way.
import { crc32 } from 'node:zlib'

/** The checksum of a whole body: CRC-32 (ISO-HDLC, as in gzip), eight hex digits. */
export function bodyChecksum(body: Uint8Array | string): string {
  return checksumText(crc32(body))
}

/** A checksum as a whole number of 32 bits with a sign: such numbers are kept and found faster than texts. */
export function checksumNumber(checksum: string): number {
  let number = 0
  for (let at = 0; at < checksum.length; at++) {
    const code = checksum.charCodeAt(at)
    number = (number << 4) | ((code & 15) + 9 * (code >> 6))
  }
  return number
}

/** The same of what may have none. */
export const sumNumber = ({ checksum }: { checksum?: string }): number | undefined =>
  checksum === undefined ? undefined : checksumNumber(checksum)

export interface BodyMeter {
  add(piece: Uint8Array): void
  /** Bytes so far. */
  readonly length: number
  /** Of the bytes so far. */
  checksum(): string
}

export interface BodySum {
  /** In bytes. */
  length: number
  /** Absent where there are none. */
  checksum?: string
}

/** Of a body whose pieces are all there. */
export function bodySum(pieces: readonly Uint8Array[]): BodySum {
  const meter = bodyMeter()
  for (const piece of pieces) meter.add(piece)
  const { length } = meter
  return length > 0 ? { length, checksum: meter.checksum() } : { length }
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
    checksum: () => checksumText(sum),
  }
}

// A number above 2³¹ is written far more slowly than its four bytes are looked up.
const BYTES = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** Eight hex digits of a checksum of 32 bits, with or without a sign. */
export function checksumText(sum: number): string {
  return BYTES[sum >>> 24]! + BYTES[(sum >>> 16) & 255]! + BYTES[(sum >>> 8) & 255]! + BYTES[sum & 255]!
}
