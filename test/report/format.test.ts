import { describe, expect, it } from 'vitest'
import { bound, figure, interval, margin, measured, windowText } from '../../src/report/format.ts'
import { passed, tooFew, tooSlow } from './verdicts.ts'

describe('figures', () => {
  it.each([
    [2004.1, 'ms', '2.004 s'],
    [4.25, 'ms', '4.25 ms'],
    [20_100, 'ms', '20.1 s'],
    [0.0128, 'ratio', '1.28 %'],
    [0.999, 'ratio', '99.9 %'],
    [0, 'ratio', '0 %'],
    [1.832, 'per_call', '1.83×'],
    [3, 'transitions', '3'],
    [12_004, 'requests', '12,004'],
    [null, 'ms', '–'],
    [Number.NaN, 'ms', '–'],
  ])('writes %s %s as %s', (value, unit, text) => expect(figure(value, unit)).toBe(text))

  it('gives a bound its direction', () => {
    expect(bound(tooSlow)).toBe('< 1.5 s')
    expect(bound({ ...passed[1]!, bound: 1000 })).toBe('≤ 1 s')
    expect(bound({ relation: 'above', bound: 0.99, unit: 'ratio' })).toBe('> 99 %')
    expect(bound({ relation: 'at_least', bound: 3, unit: 'requests' })).toBe('≥ 3')
    expect(bound({ relation: 'none', bound: 0, unit: 'transitions' })).toBe('none')
    expect(bound({ ...tooSlow, bound: null })).toBe('–')
  })

  it('counts matched states of a sequence', () => {
    expect(measured({ relation: 'all', measured: 1, bound: 2, unit: 'transitions' })).toBe('1 of 2')
    expect(bound({ relation: 'all', bound: 2, unit: 'transitions' })).toBe('all 2')
  })

  it('signs a margin, and shows none where there is none', () => {
    expect(margin({ margin: -0.336 })).toBe('−33.6 %')
    expect(margin({ margin: 0.22 })).toBe('+22.0 %')
    expect(margin({ margin: null })).toBe('–')
    expect(margin({ margin: Number.NEGATIVE_INFINITY })).toBe('–')
    expect(margin({ margin: -19 })).toBe('20.0× bound')
  })

  it('never shows a value that missed its bound as the bound itself', () => {
    const late = { relation: 'at_most', unit: 'ms', bound: 1000, measured: 1000.3 } as const
    expect(measured(late)).toBe('just over 1 s')
    expect(measured({ ...late, measured: 999.96 })).toBe('just under 1 s')
    expect(measured({ ...late, measured: 1000 })).toBe('1 s')
    expect(measured({ ...late, measured: 1001 })).toBe('1.001 s')
    expect(measured({ relation: 'below', unit: 'ratio', bound: 0.336, measured: 0.336_12 })).toBe('just over 33.6 %')
  })

  it('writes open intervals in words', () => {
    expect(interval(tooFew)).toBe('240 ms to 340 ms')
    expect(interval({ interval: [null, 0.0139], unit: 'ratio' })).toBe('at most 1.39 %')
    expect(interval({ interval: [12, null], unit: 'ms' })).toBe('at least 12 ms')
    expect(interval({ interval: null, unit: 'ms' })).toBeNull()
  })

  it('names the window', () => {
    expect(windowText(tooSlow.window)).toBe('outage · 15.0–30.0 s')
    expect(windowText(null)).toBe('whole run')
  })
})
