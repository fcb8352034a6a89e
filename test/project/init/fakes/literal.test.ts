import { runInThisContext } from 'node:vm'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Code, literal, quoted } from '../../../../src/project/init/fakes/literal.ts'

const read = (text: string): unknown => runInThisContext(`(${text})`)

describe('a value as source text', () => {
  it('says the same as the value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const plain = JSON.parse(JSON.stringify(value)) as unknown
        expect(read(literal(plain))).toEqual(plain)
      }),
    )
  })

  it('makes a property of a key that would set a prototype', () => {
    const value = JSON.parse('{"__proto__":{"polluted":true}}') as object
    const again = read(literal(value)) as object
    expect(Object.keys(again)).toEqual(['__proto__'])
    expect(again).not.toHaveProperty('polluted')
  })

  it('puts a short one in one line and a long one in several', () => {
    expect(literal({ id: 7, 'x-tag': ["it's", 'a "b"'] })).toBe(`{ id: 7, 'x-tag': ["it's", 'a "b"'] }`)
    expect(literal({ first: 'a'.repeat(70), second: ['b'.repeat(70)] }, 2)).toBe(
      `{\n    first: '${'a'.repeat(70)}',\n    second: ['${'b'.repeat(70)}'],\n  }`,
    )
  })

  it('leaves code as it is', () => {
    expect(literal({ bodies: [new Code('order()')] })).toBe('{ bodies: [order()] }')
  })

  it('keeps a text in one line of source, whatever is in it', () => {
    for (const text of ['a\nb', 'a\u2028b', 'it\'s "it"', '\\', "'; process.exit() //"]) {
      expect(quoted(text)).not.toMatch(/[\n\u2028\u2029]/)
      expect(read(quoted(text))).toBe(text)
    }
  })
})
