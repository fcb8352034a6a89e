import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, it } from 'vitest'
import { realClock } from '../../../../src/kernel/clock.ts'
import { watchExit } from '../../../../src/kernel/process/exit.ts'
import { groupEnded, groupRuns, signalGroup } from '../../../../src/kernel/process/group.ts'

const run = (script: string): ChildProcess => spawn('/bin/sh', ['-c', script], { stdio: ['ignore', 'pipe', 'pipe'], detached: true })

it('tells how a process ended by itself, with the last of its standard error', async () => {
  const exit = watchExit(run('echo first >&2; i=0; while [ $i -lt 600 ]; do echo 0123456789 >&2; i=$((i+1)); done; exit 3'))
  const { stderr, ...how } = await exit.exited
  expect(how).toEqual({ code: 3, signal: null, unexpected: true })
  expect(stderr).not.toContain('first')
  expect(stderr.length).toBeLessThanOrEqual(4096)
})

it('tells of a program that is not there', async () => {
  const exit = watchExit(spawn('/nowhere/program', [], { stdio: ['ignore', 'pipe', 'pipe'] }))
  expect(await exit.exited).toMatchObject({ code: null, unexpected: true, stderr: expect.stringContaining('ENOENT') })
})

it('waits half a second at most for a standard error that another process holds open', async () => {
  const began = realClock.now()
  const child = run('sleep 5 & echo gone >&2; exit 4')
  expect(await watchExit(child).exited).toMatchObject({ code: 4, stderr: 'gone' })
  expect(realClock.now() - began).toBeLessThan(2500)
  signalGroup(child.pid!, 'SIGKILL')
})

it('kills a process that does not end when it is asked to', async () => {
  const child = run('trap "" TERM; echo ready; while true; do sleep 0.1; done')
  await once(child.stdout!, 'data')
  const exit = watchExit(child)
  await exit.end(
    () => child.kill('SIGTERM'),
    () => signalGroup(child.pid!, 'SIGKILL'),
    300,
  )
  expect(await exit.exited).toMatchObject({ signal: 'SIGKILL', unexpected: false })
})

it('waits no longer for a process that cannot even be killed', async () => {
  const child = run('sleep 60')
  const exit = watchExit(child)
  const began = realClock.now()
  const nothing = (): void => {}
  await exit.end(nothing, nothing, 100)
  expect(realClock.now() - began).toBeLessThan(4000)
  signalGroup(child.pid!, 'SIGKILL')
  expect(await exit.exited).toMatchObject({ unexpected: false })
})

it('takes a group for running as long as a member runs, although its leader has ended', async () => {
  const child = run('sleep 60 & exit 0')
  await once(child, 'exit')
  expect(await groupRuns(child.pid!)).toBe(true)
  signalGroup(child.pid!, 'SIGTERM')
  await groupEnded(child.pid!, 2000)
  expect(await groupRuns(child.pid!)).toBe(false)
})
