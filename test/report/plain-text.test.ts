import fc from 'fast-check'
import { expect, it } from 'vitest'
import { oneLine, plainText } from '../../src/report/plain-text.ts'
import { propertyRuns } from '../property-runs.ts'

it('takes away what controls instead of showing', () => {
  expect(plainText('a\0b\u001B[31mc\u202Ed\u2066e\uD800f\uFFFE')).toBe('ab[31mcdef')
})

it('keeps tabs, newlines, and every script', () => {
  expect(plainText('a\tb\nüß 漢字 العربية 🙂')).toBe('a\tb\nüß 漢字 العربية 🙂')
})

it('cuts a long text and says so', () => {
  expect(plainText('x'.repeat(1_000_000), 10)).toBe('xxxxxxxxxx…')
  expect(plainText('x'.repeat(10), 10)).toBe('xxxxxxxxxx')
})

it('makes one line of many', () => expect(oneLine(' a\n  b\t\tc ')).toBe('a b c'))

it('never leaves half a character or more than asked for', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 80 }), fc.integer({ min: 1, max: 40 }), (text, longest) => {
      const clean = plainText(text, longest)
      expect(clean.isWellFormed()).toBe(true)
      expect(clean.length).toBeLessThanOrEqual(longest + 1)
    }),
    { seed: 42, numRuns: propertyRuns(0.1) },
  )
})
