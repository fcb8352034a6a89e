import { expect, it } from 'vitest'
import { faults } from '../../../src/faults/builders.ts'
import { killedFault } from '../../../src/faults/process/killed.ts'
import { keepsRequests, planned, wordsOf } from '../planned.ts'
import { calls } from './calls.ts'

const { killed } = faults

it('kills the process, and starts it again at the end', async () => {
  expect(await calls(killedFault)).toEqual({ begin: ['kill'], end: ['restart'] })
  expect(planned(killed('gateway'))).toEqual({ made: 'process', role: 'gateway', fault: { is: 'killed' } })
  expect(wordsOf(killed('gateway'))).toBe('is killed, and started again at the end')
})

it('is seen by a refused connection, and keeps requests away', () => {
  expect(killedFault.sign('refused')).toBe('a connection was refused')
  expect(['answered', 'silent', 'broken'].map((seen) => killedFault.sign(seen as 'silent'))).toEqual([undefined, undefined, undefined])
  expect(keepsRequests(killed('gateway'))).toBe(true)
})
