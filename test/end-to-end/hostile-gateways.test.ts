// Whatever the gateway under test sends: Ctrl-C ends the run, nothing is left, the bundle stays small, and nothing it said is obeyed.
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { realClock } from '../../src/kernel/clock.ts'
import { leftAfter, start } from './gatecrash.ts'

const QUICK = 'test/end-to-end/scenarios/quick-outage.ts'
const MEGABYTE = 1 << 20

const kinds = [
  'a flood of events',
  'a line of events without an end',
  'events with escapes and huge names',
  'answers without an end',
  'answers that drip',
  'heads that never come',
  'reasons of 12 kB, each another',
  'events of answers without an end',
  'a thousand early hints',
  'output without an end',
  'one line of output without an end',
  'deafness to signals',
]

async function bytesIn(folder: string): Promise<number> {
  const sizes = await Promise.all((await readdir(folder)).map(async (name) => (await stat(join(folder, name))).size))
  return sizes.reduce((sum, size) => sum + size, 0)
}

describe('a run against a gateway with', () => {
  it.each(kinds)('%s', async (kind) => {
    await using run = await start(['run', QUICK, '--gateway', `${process.execPath} test/end-to-end/fixtures/hostile-gateway.ts '${kind}'`])
    await run.saw(/phase +flaky/)
    const began = realClock.now()
    run.interrupt()
    const { code, stdout, stderr } = await run.ended
    expect(code, stderr).toBe(130)
    expect(realClock.now() - began).toBeLessThan(5000)
    expect(await leftAfter(run, 0)).toEqual([])
    for (const never of ['PASS', '\n::', '\u001B[2J', '\n    at ']) expect(stdout + stderr).not.toContain(never)
    expect(await bytesIn(await run.bundle('quick-outage'))).toBeLessThan(24 * MEGABYTE)
    expect(await run.verdict('quick-outage')).not.toMatchObject({ result: 'pass' })
  })
})
