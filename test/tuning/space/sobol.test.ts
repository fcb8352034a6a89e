import { expect, it } from 'vitest'
import { seededRandom } from '../../../src/kernel/random.ts'
import { MOST_DIMENSIONS, sobolPoints } from '../../../src/tuning/space/sobol.ts'

it('begins as published: the first eight points of three dimensions', () => {
  expect(sobolPoints(3, 8)).toEqual([
    [0, 0, 0],
    [0.5, 0.5, 0.5],
    [0.75, 0.25, 0.25],
    [0.25, 0.75, 0.75],
    [0.375, 0.375, 0.625],
    [0.875, 0.875, 0.125],
    [0.625, 0.125, 0.875],
    [0.125, 0.625, 0.375],
  ])
})

it.each([undefined, 1, 2])('puts one of 64 points into each 64th of every setting, shifted by seed %s', (seed) => {
  const points = sobolPoints(MOST_DIMENSIONS, 64, seed === undefined ? undefined : seededRandom(seed))
  for (let dimension = 0; dimension < MOST_DIMENSIONS; dimension++)
    expect(new Set(points.map((point) => Math.floor(point[dimension]! * 64))).size).toBe(64)
})

it('puts one of 64 points into each of 8 by 8 fields of the first two settings', () => {
  const fields = sobolPoints(2, 64, seededRandom(3)).map(([x = 0, y = 0]) => `${Math.floor(x * 8)} ${Math.floor(y * 8)}`)
  expect(new Set(fields).size).toBe(64)
})

it('gives the same points for the same seed, and others for another', () => {
  expect(sobolPoints(2, 8, seededRandom(1))).toEqual(sobolPoints(2, 8, seededRandom(1)))
  expect(sobolPoints(2, 8, seededRandom(1))).not.toEqual(sobolPoints(2, 8, seededRandom(2)))
})
