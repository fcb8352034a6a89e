import { describe, expect, it } from 'vitest'
import { parseRange, placeOf, read, valueAt, written } from '../../../src/tuning/space/setting-range.ts'

describe('a range', () => {
  it.each([
    ['3..20', { kind: 'whole', low: 3, high: 20, step: 1, scale: 'linear' }],
    ['0.1..0.9', { kind: 'number', low: 0.1, high: 0.9, step: 0.001, scale: 'linear' }],
    ['5s .. 90s', { kind: 'time', low: 5000, high: 90_000, step: 100, scale: 'log' }],
    ['1s..2s', { kind: 'time', low: 1000, high: 2000, step: 1, scale: 'linear' }],
    ['50..5000', { kind: 'whole', low: 50, high: 5000, step: 1, scale: 'log' }],
  ])('%s is read', (text, range) => {
    expect(parseRange('a.b.c', text)).toEqual({ path: 'a.b.c', ...range })
  })

  it.each([
    ['..20', 'write a range as LOW..HIGH'],
    ['3..', 'write a range as LOW..HIGH'],
    ['3..5..9', 'write a range as LOW..HIGH'],
    ['three..20', '"three" is neither a number nor a span of time'],
    ['3..20x', '"20x" is neither a number nor a span of time'],
    ['5s..90', 'one end is a span of time and the other is none'],
    ['20..3', 'there is nothing between its ends'],
    ['3..3', 'there is nothing between its ends'],
  ])('%s is refused with its place and the remedy', (text, told) => {
    expect(() => parseRange('a.b.c', text)).toThrow(`--set a.b.c=${text}: ${told}`)
  })
})

describe('a value of a range', () => {
  it('is a multiple of its step, from one end to the other', () => {
    const whole = parseRange('a.b', '3..20')
    expect([0, 0.5, 1].map((place) => valueAt(whole, place))).toEqual([3, 12, 20])
    expect(valueAt(parseRange('a.b', '0.1..0.9'), 0.12345)).toBe(0.199)
  })

  it('is found by ratios where the range is of several sizes', () => {
    const time = parseRange('a.b', '5s..80s')
    expect([0, 0.25, 0.5, 0.75, 1].map((place) => valueAt(time, place))).toEqual([5000, 10_000, 20_000, 40_000, 80_000])
    expect([5000, 20_000, 80_000].map((value) => placeOf(time, value))).toEqual([0, 0.5, 1])
  })

  it('is written as people write it, and read back', () => {
    const time = parseRange('a.b', '5s..80s')
    expect([5300, 250, 1001].map((value) => written(time, value))).toEqual(['5.3s', '250ms', '1.001s'])
    for (const value of [5300, 250, 1001]) expect(read(time, written(time, value))).toBe(value)
    const whole = parseRange('a.b', '3..20')
    expect(read(whole, written(whole, 7))).toBe(7)
    expect(read(whole, '7s')).toBeUndefined()
  })
})
