import { crc32 } from 'node:zlib'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { FramedCrc32 } from '../../src/contract/framed-crc32.ts'

const ascii = fc.string({ unit: 'binary-ascii' })
const any = fc.string({ unit: 'grapheme', maxLength: 300 })

it('is the CRC-32 of the text that is not made', () => {
  fc.assert(
    fc.property(any, fc.array(ascii), any, (before, middles, after) => {
      const frame = new FramedCrc32(before, after)
      for (const middle of middles) expect(frame.of(middle) >>> 0).toBe(crc32(before + middle + after))
    }),
  )
})

it('is so for more lengths of what follows than it remembers', () => {
  for (let length = 0; length < 250; length++) {
    const after = 'x'.repeat(length)
    expect(new FramedCrc32('', after).of('12345') >>> 0).toBe(crc32(`12345${after}`))
  }
  expect(new FramedCrc32('', '6789').of('12345') >>> 0).toBe(0xcbf43926)
})

it.each(['aé', 'éabc', 'abcdabé', 'abc\u2000'])('refuses a middle that is more than ASCII: %s', (middle) => {
  expect(() => new FramedCrc32('', '').of(middle)).toThrow(`the middle of a text must be ASCII, not "${middle}"`)
})
