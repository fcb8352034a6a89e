import { expect, it } from 'vitest'
import { virtualClock } from '../../../../src/kernel/virtual-clock.ts'
import { pacedBody } from '../../../../src/stage/live/load/paced-body.ts'

const told = async (text: string, overMs: number) => {
  const clock = virtualClock()
  const pieces: { at: number; piece: string }[] = []
  let endedAt: number | undefined
  const body = pacedBody(Buffer.from(text), overMs, clock)
  body.on('data', (piece: Buffer) => pieces.push({ at: Math.round(clock.now()), piece: piece.toString() }))
  body.on('end', () => (endedAt = Math.round(clock.now())))
  // Streams hand on what they have a turn later.
  for (let step = 0; step < 400; step++) {
    await clock.advanceAsync(overMs / 100)
    await new Promise((resolve) => setImmediate(resolve))
  }
  return { clock, body, pieces, endedAt }
}

it('sends all of a body, in order, evenly over its span', async () => {
  const { pieces, endedAt } = await told('abcde', 400)
  expect(pieces.map(({ piece }) => piece)).toEqual(['a', 'b', 'c', 'd', 'e'])
  for (const [which, { at }] of pieces.entries()) expect(Math.abs(at - which * 100)).toBeLessThanOrEqual(50)
  expect(endedAt).toBeGreaterThanOrEqual(400)
})

it('cuts a long body into few pieces', async () => {
  const { pieces } = await told('x'.repeat(10_001), 5000)
  expect(pieces).toHaveLength(50)
  expect(pieces.map(({ piece }) => piece).join('')).toHaveLength(10_001)
})

it('sends no more once nobody takes it', async () => {
  const clock = virtualClock()
  const pieces: string[] = []
  const body = pacedBody(Buffer.from('abc'), 1000, clock)
  body.on('data', (piece: Buffer) => pieces.push(piece.toString()))
  await clock.advanceAsync(10)
  await new Promise((resolve) => setImmediate(resolve))
  body.destroy()
  await clock.advanceAsync(5000)
  expect(pieces).toEqual(['a'])
})
