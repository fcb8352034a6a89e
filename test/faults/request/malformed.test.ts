import { expect, it } from 'vitest'
import { faults } from '../../../src/faults/builders.ts'
import { answerPlan, wordsOf } from '../planned.ts'

const { malformed } = faults

function altered(text: string): string {
  const [spoil] = answerPlan(malformed('gemini')).alter
  return spoil!(Buffer.from(text)).toString('latin1')
}

it('sends what is no JSON and no UTF-8', () => {
  const text = altered('{"hello":"ada"}')
  expect(text).toBe('{"hello"\u0000\u00ff')
  expect(() => JSON.parse(text)).toThrow(SyntaxError)
})

it('leaves the end of an event where it was', () => {
  expect(altered('data: {"n":1}\r\n\r\n')).toMatch(/\r\n\r\n$/)
})

it('says what it does', () => expect(wordsOf(malformed('gemini'))).toBe('malformed body'))
