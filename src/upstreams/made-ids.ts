// Ids that a service makes up, by seeded draws. A draw has 32 bits, which are enough for several letters.
import type { Random } from '../kernel/random.ts'

/** Makes ids of `length` letters, each one of `alphabet` (ASCII). */
export function idsOf(alphabet: string, length: number): (random: Random) => string {
  const base = alphabet.length
  const lettersADraw = Math.floor(32 / Math.log2(base))
  const codes = codesOf(alphabet)
  // One for all ids: a text takes no part of it along.
  const made: number[] = Array.from({ length }, () => 0)
  return ({ next }) => {
    for (let at = 0; at < length;) {
      // Its digits in the base of the alphabet, from the first behind the point on.
      let rest = next()
      for (const end = Math.min(length, at + lettersADraw); at < end; at++) {
        rest *= base
        const digit = Math.trunc(rest)
        made[at] = codes[digit]!
        rest -= digit
      }
    }
    return String.fromCharCode(...made)
  }
}

// Where a UUID has its sixteen bytes, two digits each.
const PLACES = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34]
const HEX = codesOf('0123456789abcdef')
const made = codesOf('........-....-....-....-............')

/** A UUID of version 4 (RFC 9562 §5.4). */
export function uuid({ integer }: Random): string {
  let bits = 0
  for (let at = 0; at < PLACES.length; at++) {
    bits = at % 4 === 0 ? integer(2 ** 32) : bits << 8
    let byte = bits >>> 24
    if (at === VERSION_AT) byte = 0x40 | (byte & 0x0f)
    else if (at === VARIANT_AT) byte = 0x80 | (byte & 0x3f)
    const place = PLACES[at]!
    made[place] = HEX[byte >> 4]!
    made[place + 1] = HEX[byte & 15]!
  }
  return String.fromCharCode(...made)
}

const VERSION_AT = 6
const VARIANT_AT = 8

function codesOf(text: string): number[] {
  return Array.from(text, (letter) => letter.charCodeAt(0))
}
