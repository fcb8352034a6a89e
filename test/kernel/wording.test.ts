import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseDuration } from '../../src/kernel/duration.ts'
import { atTime, count, fixed, moment, plural, quantile, share, span } from '../../src/kernel/wording.ts'
import { propertyRuns } from '../property-runs.ts'

describe('a span', () => {
  it.each([
    [0, '0 ms'],
    [0.5, '0.5 ms'],
    [1.2345, '1.23 ms'],
    [97, '97 ms'],
    [999.4, '999 ms'],
    [999.6, '1 s'],
    [1234, '1.234 s'],
    [2004.1, '2.004 s'],
    [5000, '5 s'],
    [20_100, '20.1 s'],
    [59_999, '60 s'],
    [90_000, '90 s'],
    [119_999, '2 min'],
    [3_599_999, '60 min'],
    [604_800_000, '168 h'],
    [-1500, '-1.5 s'],
    [Number.POSITIVE_INFINITY, '∞'],
  ])('of %d ms is written %s', (ms, text) => expect(span(ms)).toBe(text))

  it('reads back as a duration, within three significant digits', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.01, max: 1e9, noNaN: true }), (ms) => {
        expect(Math.abs(parseDuration(span(ms)) / ms - 1)).toBeLessThan(0.0051)
      }),
      { seed: 1, numRuns: propertyRuns(0.1) },
    )
  })
})

it.each([
  [0, '0 %'],
  [0.001, '0.1 %'],
  [0.0004, '0.04 %'],
  [0.00003, '0.003 %'],
  [0.0128, '1.28 %'],
  [0.336, '33.6 %'],
  [0.66207, '66.2 %'],
  [0.999, '99.9 %'],
  [0.99951, '99.951 %'],
  [1, '100 %'],
  [1.234, '123.4 %'],
])('writes the share %d as %s: never rounded to nothing or to all', (ratio, text) => expect(share(ratio)).toBe(text))

it('separates the thousands of counts', () => {
  expect(count(2995)).toBe('2,995')
  expect(plural(2995, 'request')).toBe('2,995 requests')
  expect(plural(1, 'request')).toBe('1 request')
  expect(plural(2, 'case was', 'cases were')).toBe('2 cases were')
})

it('writes moments on the plan’s axis in seconds', () => {
  expect(moment(13_240)).toBe('13.2 s')
  expect(moment(13_240, 2)).toBe('13.24 s')
  expect(atTime(600_000)).toBe('at 600.0 s')
})

it('names a quantile as people do', () => {
  expect(quantile(0.95)).toBe('p95')
  expect(quantile(0.999)).toBe('p99.9')
  expect(quantile(0.29)).toBe('p29')
})

it('keeps as many decimals as it is told', () => expect(fixed(1.8349, 2)).toBe('1.83'))

it('writes numbers as the locale does, whatever their size', () => {
  const locale = new Intl.NumberFormat('en-US', { maximumFractionDigits: 20 })
  fc.assert(
    fc.property(fc.double({ min: 1e-9, max: 1e6, noNaN: true }), (value) => {
      for (const text of [share(value), span(value), count(value)]) {
        const [number = ''] = text.split(' ')
        expect(locale.format(Number(number.replaceAll(',', '')))).toBe(number)
      }
    }),
    { seed: 1, numRuns: propertyRuns(0.1) },
  )
})
