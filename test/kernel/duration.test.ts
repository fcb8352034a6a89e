import { expect, it } from 'vitest'
import { parseDuration } from '../../src/kernel/duration.ts'
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
