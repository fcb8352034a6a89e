// The checksums that Cloud Storage gives of an object, and that its clients compare with their own.
import { createHash } from 'node:crypto'

/** In base64. */
export function md5Of(bytes: Buffer): string {
  return createHash('md5').update(bytes).digest('base64')
}

/** CRC-32 with Castagnoli's polynomial (RFC 3720, appendix B.4), in big-endian base64. */
export function crc32cOf(bytes: Buffer): string {
  let crc = 0xffff_ffff
  for (const byte of bytes) crc = (crc >>> 8) ^ remainders[(crc ^ byte) & 0xff]!
  const sum = Buffer.alloc(4)
  sum.writeUInt32BE((crc ^ 0xffff_ffff) >>> 0)
  return sum.toString('base64')
}

/** Of each byte, the remainder after division by the polynomial, with the bits reversed. */
const remainders = Uint32Array.from({ length: 256 }, (_, byte) => {
  let rest = byte
  for (let bit = 0; bit < 8; bit++) rest = rest & 1 ? (rest >>> 1) ^ 0x82f6_3b78 : rest >>> 1
  return rest
})
