// Numbers of 32 bits in order: by their lowest eleven bits, then by the next ones, as many as the largest of them has. It takes as long for
// each of many as for each of a few, where comparing takes longer.

/** Fewer are sorted faster by comparing. */
const FEW = 256

/** Three digits make 32 bits, and two are enough for most. */
const DIGIT_BITS = 11
const DIGIT = 2 ** DIGIT_BITS - 1

/** Where the numbers of each digit begin: of no use from one call to the next. */
const starts = new Int32Array(DIGIT + 1)

/** May write over `numbers`. */
export function inOrder(numbers: Uint32Array): Uint32Array {
  if (numbers.length < FEW) return numbers.toSorted()
  const largest = largestOf(numbers)
  let from = numbers
  let to: Uint32Array = new Uint32Array(numbers.length)
  for (let shift = 0; shift < 32 && largest >>> shift > 0; shift += DIGIT_BITS) {
    byDigit(from, shift, to)
    ;[from, to] = [to, from]
  }
  return from
}

// By place, below: the iterator of a list of numbers takes longer than all that is done with each of them.

function largestOf(numbers: Uint32Array): number {
  let largest = 0
  for (let at = 0; at < numbers.length; at++) largest = Math.max(largest, numbers[at]!)
  return largest
}

/** Those of equal digits stay in the order that they have. */
function byDigit(from: Uint32Array, shift: number, to: Uint32Array): void {
  starts.fill(0)
  for (let at = 0; at < from.length; at++) starts[(from[at]! >>> shift) & DIGIT]!++
  let before = 0
  for (let digit = 0; digit <= DIGIT; digit++) {
    const count = starts[digit]!
    starts[digit] = before
    before += count
  }
  for (let at = 0; at < from.length; at++) {
    const number = from[at]!
    to[starts[(number >>> shift) & DIGIT]!++] = number
  }
}
