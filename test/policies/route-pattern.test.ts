import { expect, it } from 'vitest'
import { routeTest } from '../../src/policies/route-pattern.ts'

it.each<[string, string, string, boolean]>([
  ['/v1/a', 'GET', '/v1/a', true],
  ['/v1/a', 'POST', '/v1/a', true],
  ['/v1/a', 'GET', '/v1/a/', false],
  ['/v1/a', 'GET', '/v1/ab', false],
  ['/v1/a', 'GET', '/x/v1/a', false],
  ['POST /v1/a', 'POST', '/v1/a', true],
  ['POST /v1/a', 'GET', '/v1/a', false],
  ['POST /v1/*:generate', 'POST', '/v1/m:generate', true],
  ['POST /v1/*:generate', 'POST', '/v1/m/n:generate', false],
  ['/v1/*', 'GET', '/v1/', true],
  ['/v1/*/b', 'GET', '/v1/a/b', true],
  ['/v1/**', 'GET', '/v1/a/b/c', true],
  ['/v1/**', 'GET', '/v1', false],
  ['/**', 'GET', '/', true],
  ['/v1.0/a+(b)', 'GET', '/v1.0/a+(b)', true],
  ['/v1.0/a', 'GET', '/v1x0/a', false],
  ['/V1/a', 'GET', '/v1/a', false],
  ['/v1/*', 'GET', '/v1/a\nb', true],
])('%s takes %s %s: %s', (pattern, method, path, taken) => {
  expect(routeTest(['/other', pattern])(method, path)).toBe(taken)
})

it('takes nothing where nothing is listed', () => {
  expect(routeTest([])('GET', '/')).toBe(false)
})
