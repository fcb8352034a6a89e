import fc from 'fast-check'
import { expect, it } from 'vitest'
import { formatDuration, parseDuration } from '../../src/kernel/duration.ts'
import { GatecrashError } from '../../src/kernel/errors.ts'

it.each([
  ['250us', 0.25],
  ['250ms', 250],
  ['30s', 30_000],
  ['1.5m', 90_000],
  ['2min', 120_000],
  ['2h', 7_200_000],
  ['7d', 604_800_000],
  [' 5 s ', 5000],
  ['0s', 0],
  [1234.5, 1234.5],
])('reads %j', (text, ms) => {
  expect(parseDuration(text)).toBe(ms)
})

it.each(['', '5', 's', '-5s', '5 parsecs', '5S', '1e3ms', '.5s', '5s 3ms', '5constructor', Number.NaN, -1, Number.POSITIVE_INFINITY])(
  'refuses %j with the value and a remedy',
  (text) => {
    const value = typeof text === 'number' ? String(text) : JSON.stringify(text)
    const message = `not a duration: ${value}; write a number and a unit, such as "250ms", "30s" or "2m"`
    expect(() => parseDuration(text)).toThrow(new GatecrashError('bad_duration', message))
  },
)

it.each([
  [0, '0ms'],
  [0.5, '0.5ms'],
  [1.2345, '1.23ms'],
  [999.4, '999ms'],
  [999.6, '1s'],
  [1234, '1.23s'],
  [20_100, '20.1s'],
  [59_999, '1m'],
  [60_000, '1m'],
  [90_000, '1.5m'],
  [3_599_999, '1h'],
  [604_800_000, '168h'],
  [-1500, '-1.5s'],
])('shows %d ms as %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text)
})

it('reads back what it shows, within three significant digits', () => {
  fc.assert(
    fc.property(fc.double({ min: 0.01, max: 1e9, noNaN: true }), (ms) => {
      expect(Math.abs(parseDuration(formatDuration(ms)) / ms - 1)).toBeLessThan(0.0051)
    }),
    { seed: 1 },
  )
})
