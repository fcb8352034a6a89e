import { expect, it } from 'vitest'
import { inOrder } from '../../../../src/evidence/fold/counting/in-order.ts'
import { seededRandom } from '../../../../src/kernel/random.ts'

it.each([0, 1, 255, 256, 1000, 5000])('puts %i numbers in order, of any size', (count) => {
  const random = seededRandom(count)
  for (const below of [1, 200, 2 ** 8, 2 ** 16, 2 ** 11, 2 ** 22, 2 ** 32]) {
    const numbers = Uint32Array.from({ length: count }, () => random.integer(below))
    expect([...inOrder(numbers.slice())]).toEqual([...numbers].toSorted((a, b) => a - b))
  }
})
