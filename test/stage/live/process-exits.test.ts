import { expect, it } from 'vitest'
import type { ProcessEvent } from '../../../src/evidence/events.ts'
import type { Exit } from '../../../src/kernel/process/exit.ts'
import { watchProcessExits } from '../../../src/stage/live/process-exits.ts'

const exit = (changes: Partial<Exit> = {}): Exit => ({ code: 9, signal: null, unexpected: true, stderr: 'out of memory', ...changes })
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

function watching() {
  const events: ProcessEvent[] = []
  const exits = watchProcessExits((event) => events.push(event))
  let first: string | undefined
  void exits.firstUnexpected.then((sentence) => (first = sentence))
  return { exits, events, first: () => first }
}

it('writes that a process is ready, and how it ended, with its last words when nobody had asked', async () => {
  const { exits, events, first } = watching()
  exits.watch('gateway', { pid: 7, exited: Promise.resolve(exit()) })
  await settled()
  expect(events).toMatchObject([
    { role: 'gateway', edge: 'ready', pid: 7 },
    { role: 'gateway', edge: 'exited', code: 9, unexpected: true, stderr: 'out of memory' },
  ])
  expect(first()).toBe('the gateway process ended by itself (code 9): out of memory')
})

it('takes an end that was asked for as none: of one process, or of all', async () => {
  const { exits, events, first } = watching()
  exits.watch('gateway', { pid: 7, exited: Promise.resolve(exit({ unexpected: false, signal: 'SIGKILL', code: null })) })
  await settled()
  exits.expectAll()
  exits.watch('load', { pid: 8, exited: Promise.resolve(exit()) })
  exits.gone('toxiproxy')
  await settled()
  const ended = events.filter(({ edge }) => edge === 'exited')
  expect(ended.map(({ role, unexpected, stderr }) => ({ role, unexpected, stderr }))).toEqual([
    { role: 'gateway', unexpected: false, stderr: undefined },
    { role: 'load', unexpected: false, stderr: undefined },
  ])
  expect(first()).toBeUndefined()
})

it('tells of the first process that ended by itself, and of no later one', async () => {
  const { exits, first } = watching()
  exits.gone('toxiproxy')
  exits.watch('load', { pid: 8, exited: Promise.resolve(exit()) })
  await settled()
  expect(first()).toBe('the toxiproxy process ended by itself')
})
