import { expect, it } from 'vitest'
import { routePairs } from '../../../src/criteria/measure/route-pairs.ts'
import { evidenceOf, planOf } from '../../judge/history.ts'
import type { RequestCell } from '../../../src/evidence/fold/requests.ts'

const [some] = (await evidenceOf({}, planOf([], {}, 2))).requests
const cell = (route: string, count: number): RequestCell => ({ ...some!, route, outcome: 'ok', count })
const routesOf = (now: RequestCell[], before: RequestCell[]): string[][] => routePairs(now, before, 59).map(({ routes }) => routes)

it('pairs each route with itself where there are enough of it', () => {
  expect(routesOf([cell('a', 100), cell('b', 60)], [cell('a', 200), cell('b', 59)])).toEqual([['b'], ['a']])
})

it('takes routes together that have too few', () => {
  const thin = [cell('a', 30), cell('b', 20), cell('c', 15), cell('d', 100)]
  expect(routesOf(thin, thin)).toEqual([['c', 'b', 'a'], ['d']])
  expect(routesOf([cell('a', 3), cell('b', 100)], [cell('a', 3), cell('b', 100)])).toEqual([['a', 'b']])
  expect(routesOf([cell('a', 3)], [cell('a', 3)])).toEqual([['a']])
})

it('leaves out a route that one side alone was asked', () => {
  expect(routesOf([cell('a', 100), cell('probe', 100)], [cell('a', 100), cell('other', 100)])).toEqual([['a']])
})
