import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { propertyRuns } from '../property-runs.ts'
import { plainValue, textOf } from '../../src/toxiproxy/go-json.ts'
import { flag, float, integer, parseBody, readFields, text } from '../../src/toxiproxy/decode.ts'

describe('bodies', () => {
  it.each([
    ['{"a":1} trailing', { a: 1 }],
    ['  [1,2]{', [1, 2]],
    ['"a \\" b" x', 'a " b'],
    ['null', null],
    ['{"a":"}"}', { a: '}' }],
  ])('are read up to the end of the first value: %s', (body, value) => {
    expect(plainValue(parseBody(body))).toEqual(value)
  })

  it.each([
    ['', 'bad request body: EOF'],
    [' \n', 'bad request body: EOF'],
    ['{"a":', 'bad request body: unexpected EOF'],
    ['{"a":"}', 'bad request body: unexpected EOF'],
  ])('that end too early say so: %j', (body, message) => {
    expect(() => parseBody(body)).toThrow(message)
  })

  it('are JSON where JSON.parse says so, and give the same value', () => {
    fc.assert(
      fc.property(fc.json(), (body) => {
        expect(plainValue(parseBody(body))).toEqual(JSON.parse(body))
      }),
      { seed: 42, numRuns: propertyRuns(1) },
    )
  })

  it('are refused where JSON.parse refuses a value that ends with its text', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[[{][[\]{}",:0-9eE.+\-tfn \\u]{0,8}[\]}]$/), (body) => {
        const refused = (read: () => unknown): boolean => {
          try {
            read()
            return false
          } catch {
            return true
          }
        }
        // What follows the first value is ignored, so only a text that is refused here must be refused there.
        const [ours, theirs] = [refused(() => parseBody(body)), refused(() => JSON.parse(body))]
        expect(ours && !theirs).toBe(false)
      }),
      { seed: 42, numRuns: propertyRuns(1) },
    )
  })

  it('have U+FFFD for each byte that is no UTF-8', () => {
    expect(textOf(Buffer.from([0x61, 0xe2, 0x82, 0x62, 0xff, 0xc3, 0xa9]))).toBe('a\uFFFD\uFFFDb\uFFFDé')
  })
})

describe('fields', () => {
  const fields = { name: text, count: integer, on: flag }
  const before = { name: 'before', count: 1, on: true }

  it('match in any letter case, the last one wins, null and unknown ones change nothing', () => {
    expect(readFields({ NAME: 'a', Name: 'b', count: null, other: 5 }, fields, before)).toEqual({ name: 'b', count: 1, on: true })
  })

  it('replace lone surrogates', () => {
    expect(readFields(parseBody('{"name":"\\ud800x"}'), fields, before).name).toBe('\uFFFDx')
  })

  it.each([{ count: 1.5 }, { count: '1' }, { count: 2 ** 63 }, { name: 5 }, { on: 1 }, [], 'text', 7])('refuse %j', (input) => {
    expect(() => readFields(input, fields, before)).toThrow(/^bad request body: json: cannot unmarshal/)
  })

  it('keep floats as 32 bits would show them', () => {
    expect(float.read(0.123456789, 'toxicity')).toBe(0.12345679)
    expect(float.read(0.2, 'toxicity')).toBe(0.2)
    expect(float.read(7, 'toxicity')).toBe(7)
    expect(() => float.read(1e39, 'toxicity')).toThrow('float32')
  })
})
