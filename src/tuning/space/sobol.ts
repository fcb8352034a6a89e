// Sobol's points: they fill a space evenly, however many are taken, so that few of them show it whole. A grid of five values for each of
// six settings has 15,625 points; 128 of these leave no larger hole.
//
// I. M. Sobol', USSR Computational Mathematics and Mathematical Physics 7(4), 1967; direction numbers of S. Joe and F. Y. Kuo, SIAM
// Journal on Scientific Computing 30, 2008 (new-joe-kuo-6.21201), in the order of Gray code (Antonov and Saleev, 1979).
import type { Random } from '../../kernel/random.ts'

/** By dimension from the second on: the polynomial's degree, its inner coefficients as bits, and the first direction numbers. */
const JOE_KUO: readonly (readonly [degree: number, coefficients: number, first: readonly number[]])[] = [
  [1, 0, [1]],
  [2, 1, [1, 3]],
  [3, 1, [1, 3, 1]],
  [3, 2, [1, 1, 1]],
  [4, 1, [1, 1, 3, 3]],
  [4, 4, [1, 3, 5, 13]],
  [5, 2, [1, 1, 5, 5, 17]],
  [5, 4, [1, 1, 5, 5, 5]],
  [5, 7, [1, 1, 7, 11, 19]],
  [5, 11, [1, 1, 5, 1, 1]],
  [5, 13, [1, 1, 1, 3, 11]],
]

/** So many settings can be searched at once. */
export const MOST_DIMENSIONS = JOE_KUO.length + 1

const BITS = 32

/**
 * The first `count` points of the unit cube, each coordinate in [0, 1). They are shifted by `random`, digit by digit, which keeps them as
 * even as they are: the unshifted ones begin in a corner. Without `random` they are Sobol's own.
 */
export function sobolPoints(dimensions: number, count: number, random?: Random): number[][] {
  const directions = Array.from({ length: dimensions }, (_, dimension) => directionsOf(dimension))
  const state = directions.map(() => (random === undefined ? 0 : random.integer(2 ** BITS)))
  const points: number[][] = []
  for (let index = 0; index < count; index++) {
    points.push(state.map((bits) => (bits >>> 0) / 2 ** BITS))
    // The lowest bit of the index that is 0.
    const changed = 31 - Math.clz32(~index & (index + 1))
    for (const [dimension, bits] of directions.entries()) state[dimension]! ^= bits[changed]!
  }
  return points
}

/** Its direction numbers as binary fractions of 32 bits. The first dimension is van der Corput's sequence. */
function directionsOf(dimension: number): number[] {
  if (dimension === 0) return Array.from({ length: BITS }, (_, bit) => 1 << (BITS - 1 - bit))
  const [degree, coefficients, first] = JOE_KUO[dimension - 1]!
  const bits = first.map((number, at) => number << (BITS - 1 - at))
  for (let at = degree; at < BITS; at++) {
    let next = bits[at - degree]! ^ (bits[at - degree]! >>> degree)
    for (let term = 1; term < degree; term++) if ((coefficients >>> (degree - 1 - term)) & 1) next ^= bits[at - term]!
    bits.push(next)
  }
  return bits
}
