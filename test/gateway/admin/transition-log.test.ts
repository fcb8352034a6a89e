import { expect, it } from 'vitest'
import { TransitionLog } from '../../../src/gateway/admin/transition-log.ts'

function logOf(count: number, capacity = 100): TransitionLog {
  const log = new TransitionLog(capacity)
  for (let t = 1; t <= count; t++)
    log.add({ t, upstream: 'gemini', from: 'closed', to: 'open', cause: 'failures', failures: 5, threshold: 5 })
  return log
}

it('numbers transitions from 1 and replays those after the last one seen', () => {
  const { transitions, gap } = logOf(5).since(3)
  expect(transitions.map(({ sequence, t }) => ({ sequence, t }))).toEqual([
    { sequence: 4, t: 4 },
    { sequence: 5, t: 5 },
  ])
  expect(gap).toBeUndefined()
})

it('replays everything from 0, and nothing to a reader that has seen all', () => {
  expect(logOf(3).since(0).transitions).toHaveLength(3)
  expect(logOf(3).since(3)).toEqual({ transitions: [], gap: undefined })
  expect(logOf(0).since(0)).toEqual({ transitions: [], gap: undefined })
})

it('names the numbers that are no longer kept', () => {
  const { transitions, gap } = logOf(10, 4).since(2)
  expect(transitions.map(({ sequence }) => sequence)).toEqual([7, 8, 9, 10])
  expect(gap).toEqual({ from: 3, to: 6 })
})

it('tells a reader that has seen more than there is that the count began anew', () => {
  const { transitions, gap } = logOf(2).since(50)
  expect(transitions).toHaveLength(2)
  expect(gap).toEqual({ from: 51, to: 2 })
})

it('tells listeners until they have enough', () => {
  const log = logOf(0)
  const heard: number[] = []
  const enough = log.listen(({ sequence }) => heard.push(sequence))
  const transition = { t: 0, upstream: 'gemini', from: 'closed', to: 'open', cause: 'failures', failures: 5, threshold: 5 } as const
  log.add(transition)
  enough()
  log.add(transition)
  expect(heard).toEqual([1])
})
