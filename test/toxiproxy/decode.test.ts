import { describe, expect, it } from 'vitest'
import { flag, float, integer, parseBody, readFields, text } from '../../src/toxiproxy/decode.ts'

describe('bodies', () => {
  it.each([
    ['{"a":1} trailing', { a: 1 }],
    ['  [1,2]{', [1, 2]],
    ['"a \\" b" x', 'a " b'],
    ['null', null],
    ['{"a":"}"}', { a: '}' }],
  ])('are read up to the end of the first value: %s', (body, value) => {
    expect(parseBody(body)).toEqual(value)
  })

  it.each([
    ['', 'bad request body: EOF'],
    [' \n', 'bad request body: EOF'],
    ['{"a":', 'bad request body: unexpected EOF'],
    ['{"a":"}', 'bad request body: unexpected EOF'],
  ])('that end too early say so: %j', (body, message) => {
    expect(() => parseBody(body)).toThrow(message)
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
