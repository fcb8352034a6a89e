import { describe, expect, it } from 'vitest'
import { realClock } from '../../src/kernel/clock.ts'
import { type Started, leftAfter, start } from './gatecrash.ts'

const QUICK = 'test/end-to-end/scenarios/quick-outage.ts'

const judgedAgain = async (run: Started): Promise<{ code: number | null; stderr: string }> => {
  await using again = await start(['judge', await run.bundle('quick-outage')])
  // Awaited here: the process would be ended on leaving this scope.
  return await again.ended
}

describe('a run that is stopped in mid-outage', () => {
  it('by Ctrl-C: undoes everything, judges what it has, exits 130', async () => {
    await using run = await start(['run', QUICK])
    await run.saw('gemini closed -> open')
    run.interrupt()
    const { code, stderr } = await run.ended
    expect(code, stderr).toBe(130)
    expect(stderr).not.toContain('PASS')
    expect(await leftAfter(run, 0)).toEqual([])
    expect([1, 2]).toContain((await judgedAgain(run)).code)
  })

  it('by Ctrl-C while a crowd saturates it: sends the crowd away, judges what it has, exits 130', async () => {
    await using run = await start(['run', 'test/end-to-end/scenarios/quick-crowd.ts'])
    await run.saw(/phase +saturated/)
    const before = realClock.now()
    run.interrupt()
    const { code, stderr } = await run.ended
    expect(code, stderr).toBe(130)
    expect(realClock.now() - before).toBeLessThan(10_000)
    expect(stderr).not.toContain('PASS')
    expect(await leftAfter(run, 0)).toEqual([])
    await using again = await start(['judge', await run.bundle('quick-crowd')])
    expect([1, 2]).toContain((await again.ended).code)
  })

  it('by SIGTERM to npm: nothing is left after five seconds', async () => {
    await using run = await start(['run', QUICK], { direct: false })
    await run.saw('gemini closed -> open')
    run.kill('SIGTERM')
    expect(await leftAfter(run, 5000)).toEqual([])
    const { code, stderr } = await judgedAgain(run)
    expect([1, 2], stderr).toContain(code)
  })

  it('by kill -9: nothing is left after five seconds, and the journal is judged as incomplete', async () => {
    await using run = await start(['run', QUICK])
    await run.saw('gemini closed -> open')
    run.kill('SIGKILL')
    expect(await leftAfter(run, 5000)).toEqual([])
    const { code, stderr } = await judgedAgain(run)
    expect([1, 2], stderr).toContain(code)
    expect(stderr).toContain('INTERRUPTED')
  })

  it.each([
    ['upstreams', 'src/upstreams/role'],
    ['load', 'src/stage/live/load/role'],
    ['toxiproxy', 'src/toxiproxy/role'],
    ['gateway', 'src/gateway/main'],
  ])('by kill -9 of its whole group while %s stands still: nothing is left after five seconds', async (_role, module) => {
    await using run = await start(['run', QUICK])
    await run.saw(/phase +steady/)
    await run.killRole(module, 'SIGSTOP')
    process.kill(-run.pid, 'SIGKILL')
    expect(await leftAfter(run, 5000)).toEqual([])
  })

  it('by Ctrl-C after its keeper was killed: undoes everything all the same', async () => {
    await using run = await start(['run', QUICK])
    await run.saw(/phase +steady/)
    await run.killRole('process/keeper-role')
    run.interrupt()
    const { code, stderr } = await run.ended
    expect(code, stderr).toBe(130)
    expect(await leftAfter(run, 0)).toEqual([])
  })
})
