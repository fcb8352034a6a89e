import { expect, it } from 'vitest'
import type { Finding } from '../../src/judge/verdict.ts'
import { compare, toleranceOf } from './goals.ts'

const finding = (kind: string, unit: string, measured: number | null, result: Finding['result'] = 'pass'): Finding => ({
  id: 'C1',
  criterion: { kind },
  sentence: '',
  severity: 'error',
  relation: 'below',
  margin: null,
  nearMiss: false,
  window: null,
  measured,
  bound: null,
  why: '',
  n: 100,
  interval: null,
  unit,
  result,
})

it('asks for a percentage point of shares, 10 % or 5 ms of latency, 250 ms of moments, and of counts nothing', () => {
  expect(toleranceOf(finding('error_rate', 'ratio', 0.5), 0.5)).toBe(0.01)
  expect(toleranceOf(finding('latency', 'ms', 20), 20)).toBe(5)
  expect(toleranceOf(finding('latency', 'ms', 200), 200)).toBe(20)
  expect(toleranceOf(finding('recovers_after', 'ms', 6000), 6000)).toBe(250)
  expect(toleranceOf(finding('transitions', 'transitions', 4), 4)).toBeUndefined()
})

it('compares medians, and tells what lies beyond the goal from what lies within the spread of live runs', () => {
  const live = [100, 104, 160].map((measured) => finding('latency', 'ms', measured))
  const at = (measured: number) => compare(live, [finding('latency', 'ms', measured)])
  expect(at(112)).toEqual({ live: 104, simulated: 112, is: 'near', contradicts: false })
  expect(at(130).is).toBe('within spread')
  expect(at(170).is).toBe('beyond')
  expect(at(80).is).toBe('beyond')
  expect(compare(live, [finding('latency', 'ms', null)])).toEqual({ live: 104, simulated: null, is: 'no goal', contradicts: false })
})

it('calls it a contradiction when most live runs pass and the simulation fails, or the other way round', () => {
  const of = (...results: Finding['result'][]) => results.map((result) => finding('error_rate', 'ratio', 0, result))
  expect(compare(of('pass', 'pass', 'inconclusive'), of('fail')).contradicts).toBe(true)
  expect(compare(of('fail', 'pass', 'fail'), of('pass')).contradicts).toBe(true)
  expect(compare(of('pass', 'fail', 'inconclusive'), of('fail')).contradicts).toBe(false)
  expect(compare(of('pass'), of('inconclusive')).contradicts).toBe(false)
})
