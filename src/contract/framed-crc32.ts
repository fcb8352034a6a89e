// The CRC-32 of texts of which only the middle differs, without making the text. What stands before the middle is measured once. What
// stands after it changes the register by a map that is linear over bits (Sarwate 1988; zlib's crc32_combine rests on it), and its
// length alone decides which: the map is four tables, one for each byte of the register.
//
//   register after `before` ──▶ the middle, a byte at a time ──▶ all of `after` at once ──▶ CRC-32
import { crc32 } from 'node:zlib'

/** What a byte does to the lowest byte of the register. */
const STEPS = Int32Array.from({ length: 256 }, (_, byte) => register(Buffer.of(byte)))

export class FramedCrc32 {
  readonly #before: number
  readonly #after: number
  readonly #passes: Int32Array

  constructor(before: string, after: string) {
    const bytes = Buffer.from(after)
    this.#before = ~crc32(before)
    this.#after = register(bytes)
    this.#passes = passesOf(bytes.length)
  }

  /**
   * Of `before`, `middle` and `after`, as a whole number of 32 bits with a sign.
   * @throws RangeError when the middle is not ASCII
   */
  of(middle: string): number {
    const passes = this.#passes
    let sum = this.#before
    let codes = 0
    for (let at = 0; at < middle.length; at++) {
      const code = middle.charCodeAt(at)
      codes |= code
      sum = STEPS[(sum ^ code) & 255]! ^ (sum >>> 8)
    }
    if (codes > 127) throw new RangeError(`the middle of a text must be ASCII, not ${JSON.stringify(middle)}`)
    const passed =
      passes[sum & 255]! ^ passes[256 + ((sum >>> 8) & 255)]! ^ passes[512 + ((sum >>> 16) & 255)]! ^ passes[768 + (sum >>> 24)]!
    return ~(passed ^ this.#after)
  }
}

/** The register after some bytes: zlib negates it at both ends. */
function register(bytes: Buffer, before = 0): number {
  return ~crc32(bytes, ~before >>> 0)
}

// Bodies of a service end in a few ways.
const MOST_KNOWN = 100
const known = new Map<number, Int32Array>()

/** What so many bytes leave of a register: of each value of its first byte, then of its second … */
function passesOf(length: number): Int32Array {
  const before = known.get(length)
  if (before) return before
  const zeros = Buffer.alloc(length)
  const passes = Int32Array.from({ length: 1024 }, (_, place) => register(zeros, (place & 255) << (8 * (place >> 8))))
  if (known.size >= MOST_KNOWN) known.clear()
  known.set(length, passes)
  return passes
}
