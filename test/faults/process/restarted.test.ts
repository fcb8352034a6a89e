import { expect, it } from 'vitest'
import { faults } from '../../../src/faults/builders.ts'
import { restartedFault } from '../../../src/faults/process/restarted.ts'
import { wordsOf } from '../planned.ts'
import { calls, handle } from './calls.ts'

const { restarted } = faults

it('restarts the process at once, and waits for it at the end', async () => {
  expect(await calls(restartedFault)).toEqual({ begin: ['restart'], end: ['ready'] })
  expect(wordsOf(restarted('gateway'))).toBe('is asked to end, and started again')
})

it('tells at the end of a process that does not come back', async () => {
  const starting = Promise.reject(new Error('not ready'))
  const broken = { ...handle(() => {}), restart: () => starting, ready: () => starting }
  await restartedFault.begin(broken)
  await expect(restartedFault.end(broken)).rejects.toThrow('not ready')
})
