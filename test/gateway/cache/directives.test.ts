import { expect, it } from 'vitest'
import { directivesOf, millisecondsOf } from '../../../src/gateway/cache/directives.ts'

it.each<[string | string[] | undefined, Record<string, string>]>([
  [undefined, {}],
  ['', {}],
  ['no-store', { 'no-store': '' }],
  ['No-Store, PRIVATE', { 'no-store': '', private: '' }],
  [['public', 'Max-Age=60'], { public: '', 'max-age': '60' }],
  ['max-age = "60"', { 'max-age': '60' }],
  ['private="a, no-store", max-age=1', { private: 'a, no-store', 'max-age': '1' }],
  ['private="a, no-store', { private: '', a: '', 'no-store': '' }],
  ['max-age=60, max-age=5', { 'max-age': '5' }],
  ['max-age=5, max-age=sixty', { 'max-age': '0' }],
  ['max-age=99999999999999999999999', { 'max-age': '2147483648' }],
  ['max-age=-1', { 'max-age': '0' }],
  ['max-age', { 'max-age': '0' }],
  ['max-age=1.5', { 'max-age': '0' }],
  ['max-stale, max-stale=5', { 'max-stale': '5' }],
  ['max-stale=5, max-stale', { 'max-stale': '5' }],
  ['min-fresh=5, min-fresh=50', { 'min-fresh': '50' }],
  [',, ,no-cache,', { 'no-cache': '' }],
  ['__proto__=1, constructor', { ['__proto__']: '1', constructor: '' }],
])('reads %j', (lines, directives) => {
  expect([...directivesOf(lines)]).toEqual(Object.entries(directives))
})

it('tells spans in milliseconds, and which are not there', () => {
  const directives = directivesOf('max-age=60, stale-if-error=x')
  expect(['max-age', 'stale-if-error', 's-maxage'].map((name) => millisecondsOf(directives, name))).toEqual([60_000, 0, undefined])
})
