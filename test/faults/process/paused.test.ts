import { expect, it } from 'vitest'
import { faults } from '../../../src/faults/builders.ts'
import { pausedFault } from '../../../src/faults/process/paused.ts'
import { delayBound, wordsOf } from '../planned.ts'
import { calls } from './calls.ts'

const { paused } = faults

it('stops the process, and lets it run on at the end', async () => {
  expect(await calls(pausedFault)).toEqual({ begin: ['pause'], end: ['resume'] })
  expect(wordsOf(paused('gateway'))).toBe('stands still')
})

it('is seen by a request that is not answered', () => {
  expect(pausedFault.sign('silent')).toBe('a request was taken and not answered')
  expect([pausedFault.sign('answered'), pausedFault.sign('refused')]).toEqual([undefined, undefined])
})

it('delays requests by as long as it lasts', () => expect(delayBound(paused('gateway'), 3000)).toBe(3000))
