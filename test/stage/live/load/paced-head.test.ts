import type { Socket } from 'node:net'
import { PassThrough } from 'node:stream'
import type { buildConnector } from 'undici'
import { expect, it } from 'vitest'
import { virtualClock } from '../../../../src/kernel/virtual-clock.ts'
import { pacedHead } from '../../../../src/stage/live/load/paced-head.ts'

const target: buildConnector.Options = { hostname: '127.0.0.1', protocol: 'http:', port: '1' }

/** A connection as the client of the load gets it, and what leaves it when. */
function connected(overMs: number) {
  const clock = virtualClock()
  const socket = new PassThrough()
  const left: { at: number; text: string }[] = []
  socket.on('data', (piece: Buffer) => left.push({ at: Math.round(clock.now()), text: piece.toString() }))
  let got: Socket | undefined
  pacedHead(
    (_options, done) => done(null, socket as unknown as Socket),
    overMs,
    clock,
  )(target, (_error, connection) => {
    got = connection ?? undefined
  })
  const advance = async (): Promise<void> => {
    for (let step = 0; step < 100; step++) {
      await clock.advanceAsync(overMs / 100)
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
  return { socket: got!, left, advance }
}

it('sends a head in pieces, evenly over its span, and what follows it at once after it', async () => {
  const { socket, left, advance } = connected(400)
  socket.cork()
  socket.write('abcde', 'latin1')
  socket.write(Buffer.from('body'))
  socket.uncork()
  await advance()
  await advance()
  expect(left.map(({ text }) => text).join('')).toBe('abcdebody')
  expect(left.slice(0, 5).map(({ text }) => text)).toEqual(['a', 'b', 'c', 'd', 'e'])
  for (const [which, { at }] of left.slice(0, 5).entries()) expect(Math.abs(at - which * 100)).toBeLessThanOrEqual(10)
  expect(Math.abs(left.at(-1)!.at - 400)).toBeLessThanOrEqual(10)
  socket.write('more')
  await advance()
  expect(left.at(-1)!.text).toBe('more')
})

it('sends no more once the connection is closed', async () => {
  const { socket, left, advance } = connected(400)
  socket.write('abcde', 'latin1')
  await new Promise((resolve) => setImmediate(resolve))
  socket.destroy()
  await advance()
  expect(left.map(({ text }) => text)).toEqual(['a'])
})

it('hands on that there is no connection', () => {
  const refused = new Error('refused')
  const seen: unknown[] = []
  pacedHead((_options, done) => done(refused, null), 400, virtualClock())(target, (...given) => void seen.push(...given))
  expect(seen).toEqual([refused, null])
})
