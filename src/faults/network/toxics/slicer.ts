// Cuts data into pieces of about `average_size` ± `size_variation` bytes. A pause of `delay` µs follows each, the last one too.
import type { Random } from '../../../kernel/random.ts'
import { integer, optional } from '../toxic-attribute.ts'
import { type Chunk, defineToxic } from '../toxic.ts'

// Timers are no finer than a millisecond. Pieces that are late by less than this leave together, so that the rate stays right. When
// they are later, their spacing matters more than the rate.
const CATCH_UP_MS = 2

export const slicer = defineToxic({
  attributes: {
    /** Bytes of a piece; 0 and less leave chunks whole. */
    average_size: integer,
    /** Bytes by which a piece may be longer or shorter; below `average_size`. */
    size_variation: optional(integer),
    /** Pause after each piece, in µs. */
    delay: optional(integer),
  },
  start(line, { average_size: average, size_variation: variation, delay }) {
    let held: Chunk | undefined
    let sizes: number[] = []
    let due = 0

    const slice = (): void => {
      while (held) {
        const { data, at } = held
        const size = sizes.shift()!
        held = size < data.length ? { data: data.subarray(size), at } : undefined
        line.pass({ data: data.subarray(0, size), at })
        const now = line.clock.now()
        due = Math.max(due, now - CATCH_UP_MS) + delay / 1000
        if (due > now) return line.at(due, slice)
      }
      line.next()
    }
    return {
      chunk(chunk) {
        held = chunk
        sizes = pieceSizes(chunk.data.length, average, variation, line.random)
        due = line.clock.now()
        slice()
      },
      interrupt() {
        if (held) line.pass(held)
      },
    }
  },
})

/**
 * How `length` bytes are cut: in halves, until a piece is at most `average + variation` long. Each cut is moved by up to `variation`
 * (Shopify/toxiproxy, toxics/slicer.go). Where the original would crash, a piece stays whole.
 */
export function pieceSizes(length: number, average: number, variation: number, random: Random): number[] {
  if (average <= 0 || length <= 1 || length - average <= variation) return [length]
  const shift = variation > 0 ? random.integer(2 * variation) - variation : 0
  const first = Math.min(Math.max(Math.floor(length / 2) + shift, 1), length - 1)
  return [...pieceSizes(first, average, variation, random), ...pieceSizes(length - first, average, variation, random)]
}
