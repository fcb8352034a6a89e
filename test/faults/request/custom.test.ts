import { expect, it } from 'vitest'
import { customFaultKey } from '../../../src/faults/custom-fault.ts'
import { decider } from '../../../src/upstreams/answering/fault-decider.ts'
import { loadCustomFaults } from '../../../src/upstreams/find-module.ts'
import { demo } from '../../upstreams/demo.ts'
import { planned, problemsOf, requestFault, wordsOf } from '../planned.ts'
import { emptyList } from './empty-list.ts'

const place = { module: 'test/faults/request/empty-list.ts', export: 'emptyList' }

it('travels by module and export, with its parameters and its words', () => {
  expect(planned(emptyList('gemini', { status: 200 }, { share: 0.5 }))).toEqual({
    made: 'request',
    fault: { is: 'custom', ...place, params: { status: 200, chance: 1 }, words: 'answers 200 with an empty list' },
    hits: { share: 0.5 },
  })
  expect(wordsOf(emptyList('gemini', { status: 200 }, { share: 0.5 }))).toBe('answers 200 with an empty list, 50 % of requests')
})

it('is planned again from its plan, without its definition', () => {
  const fault = requestFault(emptyList('gemini', { status: 200 }))
  expect(requestFault({ made: 'request', upstream: 'gemini', fault, hits: {} })).toEqual(fault)
})

it('refuses parameters that its schema does not take', () => {
  expect(problemsOf(emptyList('gemini', { status: 500 }))).toEqual([expect.stringMatching(/^faults\[0\]\.params\.status: .*got 500$/)])
})

it('acts by what its module does', async () => {
  const decisions = decider(demo, 1, await loadCustomFaults([place]))
  decisions.set({ id: 'F1', fault: requestFault(emptyList('demo', { status: 201 })), hits: {} })
  const { plan, faults } = decisions.decide({ route: demo.routes['greet'], method: 'GET', query: '' }, '')
  expect(faults).toEqual(['F1'])
  expect(plan).toMatchObject({ status: { code: 201 }, alter: [expect.any(Function)] })
})

it.each([
  [{ module: 'test/faults/nothing.ts', export: 'emptyList' }, 'cannot be imported'],
  [{ ...place, export: 'emptyLst' }, 'did you mean "emptyList"?'],
  [{ ...place, export: 'notAFault' }, 'is no fault; make it with defineRequestFault(import.meta, { … })'],
])('is not found as %j', async (wrong, told) => {
  await expect(loadCustomFaults([wrong])).rejects.toMatchObject({ code: 'invalid_scenario', message: expect.stringContaining(told) })
})

it('is known by module and export', () => expect(customFaultKey(place)).toBe('test/faults/request/empty-list.ts#emptyList'))
