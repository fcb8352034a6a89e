import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { type RoleOptions, startRole } from '../../../../src/kernel/process/start-role.ts'
import { realClock } from '../../../../src/kernel/clock.ts'
import type { Behaviour } from './fixtures/role.ts'

const module = new URL('fixtures/role.ts', import.meta.url)
const start = (behaviour: Behaviour, options?: RoleOptions) => startRole<{ greeting: string }>('upstream', module, behaviour, options)

describe('a role', () => {
  it('tells its parent when it is ready, hears it, and ends when asked', async () => {
    let answered: (message: unknown) => void
    const answer = new Promise((resolve) => (answered = resolve))
    const role = await start({}, { onMessage: (message) => answered(message) })
    expect(role.info).toEqual({ greeting: 'hello' })
    role.tell('news')
    expect(await answer).toEqual({ heard: 'news' })
    await role.stop()
    await role.stop()
    expect(await role.exited).toEqual({ code: 0, signal: null, unexpected: false, stderr: '' })
  })

  it('delivers every line that it writes while stopping, more than a pipe can hold', async () => {
    let lines = ''
    const role = await start({ lastWords: 5000 }, { onLines: (text) => (lines += text) })
    await role.stop()
    const ordinals = lines
      .trimEnd()
      .split('\n')
      .flatMap((line) => lastOrdinal(line))
    expect(ordinals).toEqual(Array.from({ length: 5000 }, (_, ordinal) => ordinal))
  })

  it('is killed when it does not end by itself', async () => {
    const role = await start({ stops: 'never' })
    await role.stop()
    expect(await role.exited).toMatchObject({ signal: 'SIGKILL', unexpected: false })
  })

  it('reports a crash as unexpected, with its last words', async () => {
    const role = await start({})
    role.tell('crash')
    const exit = await role.exited
    expect(exit).toMatchObject({ code: 70, unexpected: true })
    expect(exit.stderr).toContain('crashed as told')
  })

  it('reports a kill from outside as unexpected', async () => {
    const role = await start({})
    process.kill(role.pid, 'SIGKILL')
    expect(await role.exited).toMatchObject({ signal: 'SIGKILL', unexpected: true })
  })
})

describe('a role that does not start', () => {
  it('fails with its own code', async () => {
    await expect(start({ starts: 'with an error' })).rejects.toMatchObject({
      code: 'port_taken',
      message: 'upstream: port 9101 is in use',
    })
  })

  it('fails with its exit code and its standard error when it just ends', async () => {
    await expect(start({ starts: 'with an exit' })).rejects.toMatchObject({
      code: 'child_failed',
      message: 'upstream: ended before it was ready (code 3): no licence',
    })
  })

  it('is given up when it hangs', async () => {
    await expect(start({ starts: 'never' }, { readyWithinMs: 500 })).rejects.toMatchObject({
      code: 'child_failed',
      message: 'upstream: did not get ready in time',
    })
  })

  it('fails when there is no such module', async () => {
    await expect(startRole('ghost', new URL('fixtures/nowhere.ts', import.meta.url), {})).rejects.toMatchObject({
      code: 'child_failed',
      message: expect.stringContaining('Cannot find module'),
    })
  })
})

describe('a role whose parent is killed', () => {
  it.each([{ stops: 'well' }, { stops: 'never' }] satisfies Behaviour[])('is gone within 2 s (stops $stops)', async (behaviour) => {
    const script = fileURLToPath(new URL('fixtures/parent.ts', import.meta.url))
    const parent = spawn(process.execPath, [script, JSON.stringify(behaviour)], { stdio: ['ignore', 'pipe', 'inherit'] })
    const [said] = (await once(parent.stdout, 'data')) as [Buffer]
    const pid = Number(said.toString())
    expect(isAlive(pid)).toBe(true)
    parent.kill('SIGKILL')
    const killedAt = realClock.now()
    while (isAlive(pid) && realClock.now() - killedAt < 10_000) await realClock.sleep(20)
    expect(realClock.now() - killedAt).toBeLessThan(2000)
  })
})

function lastOrdinal(line: string): number[] {
  const event = JSON.parse(line) as { type: string; t: number }
  return event.type === 'last' ? [event.t] : []
}

/** Whether the process still runs: an ended one whose new parent has not yet asked for its exit code does not count. */
function isAlive(pid: number): boolean {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' })
  return stdout.trim() !== '' && !stdout.startsWith('Z')
}
