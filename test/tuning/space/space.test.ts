import { expect, it } from 'vitest'
import { settingsOf, spaceOf, valuesAt } from '../../../src/tuning/space/space.ts'

it('parts ranges, which are searched, from values that every candidate has', () => {
  const { space, fixed } = spaceOf({ 'gemini.breaker.failures': '3..20', 'gemini.retry.attempts': 2, 'gemini.breaker.recovery': '5s..80s' })
  expect(space.map(({ path }) => path)).toEqual(['gemini.breaker.failures', 'gemini.breaker.recovery'])
  expect(fixed).toEqual({ 'gemini.retry.attempts': 2 })
  expect(settingsOf(space, valuesAt(space, [1, 0.5]))).toEqual({ 'gemini.breaker.failures': 20, 'gemini.breaker.recovery': '20s' })
})

it('refuses to search nothing, and more than can be searched at once', () => {
  expect(() => spaceOf({ 'gemini.retry.attempts': 2 })).toThrow(
    'nothing to tune: gemini.retry.attempts has the value 2, which is no range; give at least one setting a range',
  )
  expect(() => spaceOf({})).toThrow('nothing to tune: give at least one setting a range')
  expect(() => spaceOf({ 'gemini.breaker.failures': '3-20' })).toThrow('gemini.breaker.failures has the value "3-20", which is no range')
  expect(() => spaceOf({ 'gemini.breaker.failures': [3, 20] })).toThrow('gemini.breaker.failures has the value [3,20], which is no range')
  const many = Object.fromEntries(Array.from({ length: 13 }, (_, at) => [`gemini.x.${at}`, '1..2']))
  expect(() => spaceOf(many)).toThrow('13 settings have a range, and at most 12 can be tuned at once')
})

it('tells all ranges that are none at once', () => {
  expect(() => spaceOf({ 'a.breaker.failures': '20..3', 'a.breaker.recovery': '5s..90' })).toThrow(
    /a\.breaker\.failures=20\.\.3: there is nothing.*\n.*a\.breaker\.recovery=5s\.\.90: one end is a span of time/,
  )
})
