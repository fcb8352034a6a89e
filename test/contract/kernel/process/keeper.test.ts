// What a conductor leaves behind that is killed together with its whole process group: nothing.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { realClock } from '../../../../src/kernel/clock.ts'
import { isAlive } from '../../../../src/kernel/process/is-alive.ts'
import { startKeeper } from '../../../../src/kernel/process/keeper.ts'
import { startRole } from '../../../../src/kernel/process/start-role.ts'
import type { Kind } from './fixtures/conductor.ts'

const soon = { timeout: 5000 }

it.each([
  'a process that ignores SIGTERM',
  'a process that is stopped',
  'a group and what left it',
  'a group without its leader',
] satisfies Kind[])('ends %s when the conductor is killed with its group, and then itself', async (kind) => {
  const script = fileURLToPath(new URL('fixtures/conductor.ts', import.meta.url))
  const conductor = spawn(process.execPath, [script, kind], { stdio: ['ignore', 'pipe', 'inherit'], detached: true })
  const [said] = (await once(conductor.stdout, 'data')) as [Buffer]
  const { keeper, started } = JSON.parse(said.toString()) as { keeper: number; started: number[] }
  expect([keeper, ...started].filter(isAlive).length).toBeGreaterThanOrEqual(2)
  process.kill(-conductor.pid!, 'SIGKILL')
  await expect.poll(() => [keeper, ...started].filter(isAlive), soon).toEqual([])
})

const sleeping = async (): Promise<number> => {
  const child = spawn('sleep', ['60'], { stdio: 'ignore', detached: true })
  await once(child, 'spawn')
  return child.pid!
}

it('ends what is still kept when it is stopped, and leaves what was taken back', async () => {
  const [kept, takenBack] = [await sleeping(), await sleeping()]
  const keeper = await startKeeper()
  keeper.keep({ is: 'process', pid: kept })
  keeper.keep({ is: 'process', pid: takenBack })()
  await keeper.stop()
  expect([kept, takenBack, keeper.pid].filter(isAlive)).toEqual([takenBack])
  process.kill(takenBack)
})

it('takes a folder away with what is still kept, and leaves one that was taken back', async () => {
  const [kept, takenBack] = [await mkdtemp(join(tmpdir(), 'kept-')), await mkdtemp(join(tmpdir(), 'kept-'))]
  const keeper = await startKeeper()
  keeper.keep({ is: 'folder', path: kept })
  keeper.keep({ is: 'folder', path: takenBack })()
  await keeper.stop()
  expect([kept, takenBack].filter((path) => existsSync(path))).toEqual([takenBack])
  await rm(takenBack, { recursive: true })
})

it('is not ended by a SIGTERM of its own: what it keeps is still needed', async () => {
  const kept = await sleeping()
  await using keeper = await startKeeper()
  keeper.keep({ is: 'process', pid: kept })
  process.kill(keeper.pid, 'SIGTERM')
  await realClock.sleep(500)
  expect([kept, keeper.pid].filter(isAlive)).toEqual([kept, keeper.pid])
})

it.each(['SIGKILL', 'SIGSTOP'] as const)('hangs nobody when it gets a %s', async (signal) => {
  const keeper = await startKeeper()
  process.kill(keeper.pid, signal)
  keeper.keep({ is: 'process', pid: 2 ** 22 + 1 })()
  const began = realClock.now()
  await keeper.stop()
  expect(realClock.now() - began).toBeLessThan(6000)
  expect(isAlive(keeper.pid)).toBe(false)
})

it('keeps a role for as long as it runs', async () => {
  await using keeper = await startKeeper()
  const events: string[] = []
  const keep: typeof keeper.keep = (kept) => {
    events.push(`keep ${kept.is}`)
    const forget = keeper.keep(kept)
    return () => {
      events.push('forget')
      forget()
    }
  }
  const role = await startRole('kept', new URL('fixtures/role.ts', import.meta.url), {}, { keep })
  expect(events).toEqual(['keep process'])
  await role.stop()
  await expect.poll(() => events).toEqual(['keep process', 'forget'])
})
