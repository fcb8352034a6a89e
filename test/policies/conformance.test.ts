import { expect, it } from 'vitest'
import { cases, whereTested } from './conformance.ts'

it('every case of the conformance list is a test with its id in the name', () => {
  const tested = whereTested()
  expect(cases.length).toBe(121)
  expect(cases.filter((id) => tested.get(id)!.length === 0)).toEqual([])
})
