import { expect, it } from 'vitest'
import { amplification, breaker, errorRate, p95, p99, unharmed } from '../../src/criteria/builders.ts'
import { knownCriterion } from '../../src/criteria/criteria.ts'

it.each([
  ['p95', p95().below('1s'), 59],
  ['p99', p99().below('1s'), 299],
  ['no errors below 0.1 %', errorRate().below('0.1%'), 2995],
  ['no errors below 1 %', errorRate().below('1%'), 299],
  ['unharmed, errors below 1 %', unharmed('a').comparedWith('steady'), 299],
  ['a breaker', breaker('a').staysClosed(), 1],
  ['amplification', amplification('a').below(3), 30],
])('%s needs %#', (_name, { criterion }, needed) => {
  expect(knownCriterion(criterion).needs).toBe(needed)
})
