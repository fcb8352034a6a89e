import { expect, it } from 'vitest'
import { requestId, runId } from '../../src/evidence/request-id.ts'
import { probes } from '../../src/scenario/claims/probes/probes.ts'
import { isMarked, marksIn, probeMark } from '../../src/faults/probe-mark.ts'

it('marks each probe otherwise, and otherwise with each seed, by nothing that tells what it is', () => {
  const names = Object.keys(probes)
  const marks = [1, 2, 42].flatMap((seed) => names.map((name) => probeMark(seed, name)))
  expect(new Set(marks).size).toBe(3 * names.length)
  expect(marks.every((mark) => /^[0-9a-f]{8}$/.test(mark))).toBe(true)
  expect(probeMark(42, 'not-found')).toBe(probeMark(42, 'not-found'))
})

it('finds marks beside what the query holds already', () => {
  expect(marksIn('', '')).toEqual([])
  expect(marksIn('save=1', 'r1-a0badcafe-7')).toEqual([])
  expect(marksIn('v=2&sort=asc&v=0badcafe', '')).toEqual(['2', '0badcafe'])
})

it('finds the mark in the id of a request, where a gateway asks its upstream with a query of its own', () => {
  const id = requestId(runId(42, new Date(0)), 36, probeMark(42, 'not-found'))
  expect(marksIn('sort=asc', id)).toEqual([probeMark(42, 'not-found')])
  expect(marksIn('', requestId(runId(42, new Date(0)), 36))).toEqual([])
})

it('tells a request of a probe by either mark, and from one that only looks like it', () => {
  const marked = (query: string, request: string) => isMarked('0badcafe', query, request)
  expect([marked('v=0badcafe', 'r1-7'), marked('v=%30badcafe', 'r1-7'), marked('', 'r1p0badcafe-7')]).toEqual([true, true, true])
  expect([marked('', 'r1-7'), marked('', 'r1-0badcafe-7'), marked('w=0badcafe', 'r1-7'), marked('v=1', 'r1p1badcafe-7')]).toEqual([
    false,
    false,
    false,
    false,
  ])
})
