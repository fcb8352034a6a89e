// The CRC-32 of texts of which only the middle differs, without making the text. What stands before the middle is measured once. What
// stands after it changes the register by a map that is linear over bits (Sarwate 1988; zlib's crc32_combine rests on it), and its
// length alone decides which: the map is four tables, one for each byte of the register.
//
//   register after `before` ──▶ the middle, four bytes at a time ──▶ all of `after` at once ──▶ CRC-32
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
    let sum = this.#before
    let codes = 0
    let at = 0
    for (; at + 4 <= middle.length; at += 4) {
      const first = middle.charCodeAt(at)
      const second = middle.charCodeAt(at + 1)
      const third = middle.charCodeAt(at + 2)
      const fourth = middle.charCodeAt(at + 3)
      codes |= first | second | third | fourth
      sum = passed(FOUR, sum ^ (first | (second << 8) | (third << 16) | (fourth << 24)))
    }
    for (; at < middle.length; at++) {
      const code = middle.charCodeAt(at)
      codes |= code
      sum = STEPS[(sum ^ code) & 255]! ^ (sum >>> 8)
    }
    if (codes > 127) throw new RangeError(`the middle of a text must be ASCII, not ${JSON.stringify(middle)}`)
    return ~(passed(this.#passes, sum) ^ this.#after)
  }
}

/** What the bytes of such a table leave of a register. */
function passed(passes: Int32Array, sum: number): number {
  return passes[sum & 255]! ^ passes[256 + ((sum >>> 8) & 255)]! ^ passes[512 + ((sum >>> 16) & 255)]! ^ passes[768 + (sum >>> 24)]!
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

// What four bytes do to a register is what they leave of it when they are zero, once they are put into it.
const FOUR = passesOf(4)
