import { expect, it } from 'vitest'
import { faults } from '../../src/faults/builders.ts'
import { networkFaults } from '../../src/faults/network/networks.ts'
import { processFaults } from '../../src/faults/processes.ts'
import { requestFaults } from '../../src/faults/requests.ts'
import type { ProcessFaultInput } from '../../src/faults/fault-input.ts'
import { problemsOf } from './planned.ts'

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
