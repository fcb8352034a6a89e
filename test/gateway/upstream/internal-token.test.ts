import { expect, it } from 'vitest'
import { InternalToken } from '../../../src/gateway/upstream/internal-token.ts'

const token = new InternalToken('s3cret-s3crex')

function through(pieces: readonly string[]): string {
  const cover = token.cover()
  const passed = [...pieces.map((piece) => cover.pass(Buffer.from(piece))), cover.end()]
  return Buffer.concat(passed).toString()
}

it('covers the token in a body, wherever the body is cut', () => {
  const body = 'a s3cret-s3crex b s3cret-s3cret-s3crex s3cret'
  const covered = 'a ************* b s3cret-************* s3cret'
  expect(through([body])).toBe(covered)
  expect(through(body.split(''))).toBe(covered)
  for (let at = 0; at <= body.length; at++) expect(through([body.slice(0, at), body.slice(at)])).toBe(covered)
})

it('hands on what cannot be the beginning of the token', () => {
  const cover = token.cover()
  expect(cover.pass(Buffer.from('data: 1\n\n')).toString()).toBe('data: 1\n\n')
  expect(cover.pass(Buffer.from('x s3')).toString()).toBe('x ')
  expect(cover.pass(Buffer.from('y')).toString()).toBe('s3y')
})

it('leaves the piece that it was given as it is', () => {
  const piece = Buffer.from('s3cret-s3crex')
  token.cover().pass(piece)
  expect(piece.toString()).toBe('s3cret-s3crex')
})

it('takes headers out that hold it, under whatever name', () => {
  const answered = { 'x-internal-token': 'other', 'x-echo': 'got s3cret-s3crex', 'set-cookie': ['a=s3cret-s3crex'], etag: '"1"' }
  expect(token.hiddenIn(answered)).toEqual({ etag: '"1"' })
})

it("is sent in place of the client's, with no coding that would hide it in the answer", () => {
  expect(token.given(['X-Internal-Token', 'forged', 'Accept-Encoding', 'gzip', 'a', 'b'])).toEqual(
    'a b accept-encoding identity x-internal-token s3cret-s3crex'.split(' '),
  )
})
