import { expect, it } from 'vitest'
import { faults } from '../../src/faults/builders.ts'
import { networkFaults } from '../../src/faults/network/networks.ts'
import { processFaults } from '../../src/faults/processes.ts'
import { requestFaults } from '../../src/faults/requests.ts'
import type { ProcessFaultInput } from '../../src/faults/fault-input.ts'
import { familyOf } from '../../src/faults/families.ts'
import { actsOn, type Fault } from '../../src/faults/fault.ts'
import { keepsRequests, planned, problemsOf } from './planned.ts'

const { killed } = faults

it('lists each fault under its own name', () => {
  for (const [name, { is }] of [...Object.entries(requestFaults), ...Object.entries(processFaults)]) expect(is).toBe(name)
  for (const [name, { type }] of Object.entries(networkFaults)) expect(type).toBe(name)
})

it('offers every builder of every fault, and none twice', () => {
  const built = [requestFaults, networkFaults, processFaults].flatMap((table) =>
    Object.values<{ build: object }>(table).flatMap(({ build }) => Object.keys(build)),
  )
  expect(new Set(built).size).toBe(built.length)
  expect(Object.keys(faults).toSorted()).toEqual([...built, 'toxic'].toSorted())
  expect(faults.status('gemini', 503)).toMatchObject({ made: 'request', upstream: 'gemini' })
})

it('refuses a process fault that nobody knows, and a process that no fault may hit', () => {
  const unknown: ProcessFaultInput = { made: 'process', role: 'gatway', fault: { is: 'kiled' } }
  expect(problemsOf(unknown)).toEqual([
    'faults[0].fault: unknown fault "kiled"; did you mean "killed"?',
    expect.stringMatching(/^faults\[0\]\.role: .*"gatway"/),
  ])
  expect(problemsOf(killed('gateway'))).toEqual([])
})

it('kills an upstream by its name, and pauses or restarts processes alone', () => {
  expect(planned(killed('jira'))).toEqual({ made: 'process', role: 'upstream', fault: { is: 'killed' } })
  expect(planned(killed({ name: 'jira' }))).toEqual(planned(killed('jira')))
  for (const input of [faults.paused('redis'), faults.restarted('redis')]) expect(problemsOf(input)).toEqual([])
  // A scenario in JavaScript may ask for it.
  expect(problemsOf(faults.paused('jira' as 'redis'))).toEqual([expect.stringMatching(/^faults\[0\]\.role: .*"jira"/)])
})

it('acts on the requests of an upstream that is killed, of all when the gateway is, and of none when its Redis is', () => {
  const touches = (input: ProcessFaultInput, upstream?: string) =>
    ['jira', 'mongodb'].map((name) => actsOn({ ...(upstream !== undefined && { upstream }), fault: planned(input) }, name))
  expect(touches(killed('jira'), 'jira')).toEqual([true, false])
  expect(touches(killed('gateway'))).toEqual([true, true])
  expect(touches(killed('redis'))).toEqual([false, false])
  expect([killed('jira'), killed('gateway'), killed('redis')].map(keepsRequests)).toEqual([true, true, false])
})

it('keeps no request from an upstream when it is on the way to the store of the gateway', () => {
  const fault = planned(faults.cut('jira'))
  if (fault.made !== 'network') throw new Error('a cut is made by the network')
  const onStore: Fault = { ...fault, role: 'redis' }
  expect([fault, onStore].map((each) => familyOf(each).keepsRequests(each))).toEqual([true, false])
  expect([fault, onStore].map((each) => actsOn({ fault: each }, 'jira'))).toEqual([true, false])
})
