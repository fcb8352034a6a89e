import { expect, it } from 'vitest'
import { RecurringTask } from '../../../../src/gateway/services/sync/recurring-task.ts'
import { virtualClock } from '../../../../src/kernel/virtual-clock.ts'

function rig(work: (nth: number, signal: AbortSignal) => Promise<number>) {
  const clock = virtualClock()
  const begun: number[] = []
  const ended: string[] = []
  let underWay = 0
  let most = 0
  const task = new RecurringTask({
    every: 1000,
    clock,
    work: async (signal) => {
      begun.push(clock.now())
      most = Math.max(most, ++underWay)
      try {
        return await work(begun.length, signal)
      } finally {
        underWay--
      }
    },
    ended: ({ is }) => void ended.push(is),
  })
  return { clock, task, begun, ended, most: () => most }
}

it('runs at its times, the first after one span', async () => {
  const { clock, task, begun } = rig(async () => 1)
  task.start()
  await clock.advanceAsync(3500)
  expect(begun).toEqual([1000, 2000, 3000])
  await task.close()
  expect(clock.pending).toBe(0)
})

it.each<[string, () => Promise<number>]>([
  ['rejects', () => Promise.reject(new Error('a defect'))],
  [
    'throws',
    () => {
      throw new Error('a defect')
    },
  ],
])('goes on after a run that %s', async (_how, fail) => {
  const { clock, task, begun, ended } = rig((nth) => (nth === 1 ? fail() : Promise.resolve(1)))
  task.start()
  await clock.advanceAsync(3500)
  expect(begun).toEqual([1000, 2000, 3000])
  expect(ended).toEqual(['failed', 'ok', 'ok'])
  await task.close()
})

it('never runs twice at once: a time that comes meanwhile is left out', async () => {
  const { clock, task, begun, most } = rig(async (nth) => {
    if (nth === 1) await clock.sleep(2500)
    return 1
  })
  task.start()
  await clock.advanceAsync(2500)
  expect(task.isRunning).toBe(true)
  expect(task.trigger()).toBe(false)
  await clock.advanceAsync(2000)
  expect(begun).toEqual([1000, 4000])
  expect([most(), task.skipped]).toEqual([1, 2])
  await task.close()
})

it('survives a run that never ends, and ends it when it is closed', async () => {
  const { clock, task, ended } = rig(
    (_nth, signal) => new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('ended')))),
  )
  task.start()
  await clock.advanceAsync(5500)
  expect(task.skipped).toBe(4)
  await task.close()
  expect([ended, clock.pending, task.isRunning, task.trigger()]).toEqual([[], 0, false, false])
})

it('runs when somebody asks, and keeps its times', async () => {
  const { clock, task, begun } = rig(async () => 1)
  task.start()
  await clock.advanceAsync(500)
  expect(task.trigger()).toBe(true)
  await clock.advanceAsync(1000)
  expect(begun).toEqual([500, 1000])
  await task.close()
})
