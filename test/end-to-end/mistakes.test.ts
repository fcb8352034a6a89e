import { createServer } from 'node:net'
import { readdir } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { listen } from '../../src/kernel/server.ts'
import { leftAfter, start } from './gatecrash.ts'

const QUICK = 'test/end-to-end/scenarios/quick-outage.ts'

describe('a mistake of the user', () => {
  it.each([
    [['run', 'gemini-outtage'], 64, 'did you mean "gemini-outage"?'],
    [['run', 'steady', '--polcy', 'ci'], 64, "unknown option '--polcy'"],
    [['run', 'steady', '--seed', '-1'], 64, 'give a whole number from 0 on'],
    [['rnu', 'steady'], 64, "unknown command 'rnu'"],
    [['run', 'test/end-to-end/scenarios/misspelt.ts'], 65, 'unknown upstream "gemni"; did you mean "gemini"?'],
    [
      ['run', 'test/end-to-end/scenarios/quick-kill.ts', '--gateway', 'http://127.0.0.1:80'],
      65,
      'is not ours to handle; give it as a command',
    ],
    [['run', 'steady', '--simulate', '--calibration', 'package.json'], 65, 'package.json holds nothing measured; give a file'],
    [['tune', 'steady', '--calibration', 'nowhere.json'], 65, 'nowhere.json: cannot be read'],
    [['judge', 'src'], 65, 'is not a run bundle'],
    [['run', 'steady', '--toxiproxy', 'toxic'], 64, 'unknown Toxiproxy'],
    [['run', 'steady', '--gateway', 'http://127.0.0.1:80/api'], 64, 'give the URL without a path'],
    [['run', 'steady', '--ready-path', 'healthz'], 64, 'give a path that begins with a slash'],
    [['run', 'steady', '--listen', 'gemni=9201'], 64, 'unknown upstream "gemni"; did you mean "gemini"?'],
    [['run', 'steady', '--listen', 'gemini=9201', '--listen', 'assemblyai=9201'], 64, 'port 9201 is given to two upstreams'],
  ])('%j ends with %i before anything starts, and is explained in a line', async (args, expected, told) => {
    await using run = await start(args)
    const { code, stderr } = await run.ended
    expect(stderr).toContain(told)
    expect(stderr).not.toMatch(/^\s+at /m)
    expect(code).toBe(expected)
  })

  it('a scenario that does not hold together leaves no bundle behind', async () => {
    await using run = await start(['run', 'test/end-to-end/scenarios/misspelt.ts'])
    await run.ended
    expect(await readdir(run.out)).toEqual([])
  })
})

describe('surroundings that are not as needed', () => {
  it.each(['package.json/reports', '/proc/reports'])('a folder %s that cannot be made is named, and no defect', async (out) => {
    await using run = await start(['run', QUICK], { out })
    const { code, stderr } = await run.ended
    expect(stderr).toMatch(/could not be written: .*; a run takes another folder with --out$/m)
    expect(stderr).not.toMatch(/^\s+at /m)
    expect(code).toBe(69)
  })

  it('a reader that goes away changes nothing about the exit code', async () => {
    await using run = await start(['show', 'steady', '--json'], { closedOutput: true })
    expect(await run.ended).toMatchObject({ code: 0, stderr: '' })
  })

  it('a gateway that ends by itself before it is ready is told with its last words', async () => {
    await using run = await start(['run', QUICK, '--gateway', 'node -e "console.error(\'no license\'); process.exit(3)"'])
    const { code, stderr } = await run.ended
    expect(code, stderr).toBe(69)
    expect(stderr).toContain('ended before it was ready (code 3)')
    expect(stderr).toContain('no license')
    expect(await leftAfter(run, 1000)).toEqual([])
  })

  it('a gateway that never gets ready is given up', async () => {
    await using run = await start(['run', QUICK, '--ready-within', '1s', '--gateway', 'node -e "setInterval(() => {}, 1000)"'])
    const { code, stderr } = await run.ended
    expect(code, stderr).toBe(69)
    expect(stderr).toContain('did not get ready within 1 s')
    expect(await leftAfter(run, 1000)).toEqual([])
  })

  it('a port that is taken is named', async () => {
    await using held = await listen(createServer())
    await using run = await start(['run', QUICK, '--listen', `gemini=${held.port}`])
    const { code, stderr } = await run.ended
    expect(code, stderr).toBe(69)
    expect(stderr).toContain(String(held.port))
    expect(await leftAfter(run, 1000)).toEqual([])
  })

  it('a proxy that dies in the middle is no fault of the gateway, and ends the run at once', async () => {
    await using run = await start(['run', QUICK])
    await run.saw(/phase +steady/)
    await run.killRole('toxiproxy/role')
    const { code, stderr } = await run.ended
    expect(stderr).toMatch(/the toxiproxy process ended by\s+itself/)
    expect(code, stderr).toBe(2)
    expect(await leftAfter(run, 1000)).toEqual([])
  })

  it('a gateway that dies in the middle fails the run with the cause, at once', async () => {
    const dying = `node -e "setTimeout(() => { console.error('out of luck'); process.exit(7) }, 4000); import('./src/gateway/main.ts')"`
    await using run = await start(['run', QUICK, '--gateway', dying])
    const { code, stderr } = await run.ended
    expect(stderr).toContain('out of luck')
    expect(code, stderr).toBe(1)
    expect(await leftAfter(run, 1000)).toEqual([])
  })
})
