// Command lines of several runs: which scenarios they mean, what they leave, and what they say to the shell.
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { create } from 'xmlbuilder2'
import { leftAfter, start } from './gatecrash.ts'

const QUICK = 'test/end-to-end/scenarios/quick-outage.ts'
const UNHEARD = 'test/end-to-end/scenarios/unheard.ts'
const MISSPELT = 'test/end-to-end/scenarios/misspelt.ts'
const DEAD = 'node -e "process.exit(3)"'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'several-'))
})
afterAll(() => rm(folder, { recursive: true }))

describe('what is wrong with a command line', () => {
  it('is told in one round: flags, their variables, names, scenarios', async () => {
    await using run = await start(['run', 'stedy', MISSPELT, '--rate', 'fast'], { env: { GATECRASH_SEED: '-1' } })
    const { code, stdout, stderr } = await run.ended
    expect(stderr).toContain('--rate fast: give a whole number from 1')
    expect(stderr).toContain('GATECRASH_SEED=-1: give a whole number from 0 on')
    expect(stderr).toContain('unknown scenario "stedy"; did you mean "steady"?')
    expect(stderr).toContain('unknown upstream "gemni"; did you mean "gemini"?')
    expect(stdout).toBe('')
    expect(code).toBe(65)
    expect(await readdir(run.out)).toEqual([])
  })

  it.each([
    [['run'], 64, 'name a scenario, or choose with --all'],
    [['run', 'nothing-*'], 64, 'no scenario has a name like "nothing-*"'],
    [['run', '--all', 'steady'], 64, 'leave out the names'],
    [['run', '--last-failed'], 64, 'no scenario is left to run by --last-failed'],
    [['run', 'steady', '--set', 'gemini.breaker.failures=3', '--gateway', DEAD], 64, 'only the reference gateway can be set from here'],
    [['run', 'steady', '--expect', 'gemini.breaker.failures=3'], 64, 'set it with --set gemini.breaker.failures=3'],
    [['show', 'steady', '--set', 'gemini.breaker.failuers=3'], 65, 'did you mean "failures"?'],
    [['run', 'steady', '--junit', 'package.json/junit.xml'], 69, '--junit package.json/junit.xml: '],
  ])('%j ends with %i before anything starts', async (args, expected, told) => {
    await using run = await start(args)
    const { code, stderr } = await run.ended
    expect(stderr).toContain(told)
    expect(stderr).not.toMatch(/^\s+at /m)
    expect(code).toBe(expected)
    expect(await readdir(run.out)).toEqual([])
  })
})

describe('in a project whose config names a gateway', () => {
  beforeAll(() =>
    writeFile(
      join(folder, 'gatecrash.config.mjs'),
      `import { defineConfig } from ${JSON.stringify(resolve('src/index.ts'))}
       import { gemini } from ${JSON.stringify(resolve('fake-upstreams/gemini.ts'))}
       export default defineConfig({ gateway: 'node my.js', upstreams: { gemini }, routes: [gemini.generateContent()] })`,
    ),
  )

  it.each([
    [['--expect', 'gemini.breaker.failures=7'], 0, ''],
    [['--set', 'gemini.breaker.failures=7'], 64, 'only the reference gateway can be set from here'],
  ] as const)('%j ends with %i', async (args, expected, told) => {
    await using run = await start(['show', 'generic-outage', '--json', ...args], { cwd: folder })
    const { code, stderr } = await run.ended
    expect(stderr).toContain(told)
    expect(code, stderr).toBe(expected)
    // A run looks at its flags as show does, with the gateway of each scenario.
    await using wrong = await start(['run', 'generic-outage', 'stedy', ...args], { cwd: folder })
    const { stderr: said } = await wrong.ended
    expect(said).toContain('unknown scenario "stedy"')
    expect(said.includes('only the reference gateway')).toBe(expected === 64)
    expect(said).not.toContain('the reference gateway does as it is set')
  })
})

describe('flags from elsewhere', () => {
  const seedOf = async (args: string[], env: NodeJS.ProcessEnv): Promise<unknown> => {
    await using run = await start(['show', 'steady', '--json', ...args], { env })
    return (JSON.parse((await run.ended).stdout) as { seed: unknown }).seed
  }

  it('come from the environment, unless they are typed', async () => {
    expect(await seedOf([], { GATECRASH_SEED: '7' })).toBe(7)
    expect(await seedOf(['--seed', '8'], { GATECRASH_SEED: '7' })).toBe(8)
    expect(await seedOf([], { GATECRASH_SEED: '' })).toBe(42)
  })

  it('set the gateway by path', async () => {
    await using run = await start(['show', 'steady', '--json', '--set', 'gemini.breaker.failures=3', '--set', 'server.inFlight=77'])
    expect(JSON.parse((await run.ended).stdout)).toMatchObject({
      gateway: { upstreams: { gemini: { breaker: { failures: 3 } } }, server: { inFlight: 77 } },
    })
  })

  it('list as JSON', async () => {
    await using run = await start(['list', '--json', '--grep', '^nothing goes wrong'])
    expect(JSON.parse((await run.ended).stdout)).toEqual([
      expect.objectContaining({
        name: 'steady',
        source: 'scenarios/steady.ts',
        tags: ['podcast-production'],
        lastResult: null,
        problems: [],
      }),
    ])
  })
})

describe('a run that decides nothing', () => {
  it.each([
    ['pass', 0],
    ['fail', 1],
  ] as const)('with --inconclusive %s ends with %i, and stays inconclusive', async (as, expected) => {
    await using run = await start(['run', UNHEARD, '--inconclusive', as])
    const { code, stdout, stderr } = await run.ended
    expect(code, stderr).toBe(expected)
    expect(await run.verdict('unheard')).toMatchObject({ result: 'inconclusive' })
    expect(stderr).toContain('INCONCLUSIVE')
    // What is piped gets a copy of the summary.
    expect(stdout).toMatch(/^\? INCONCLUSIVE {2}unheard/)
    expect(stdout).toMatch(/\nto repeat it\nnpm run scenario -- test\/end-to-end\/scenarios\/unheard\.ts --seed 42 --out \S+\n$/)
  })

  it('is what --last-failed runs again, and what --bail stops at', async () => {
    const out = join(folder, 'reports')
    await using first = await start(['run', UNHEARD, '--json'], { out })
    const { code, stdout } = await first.ended
    expect(code).toBe(2)
    expect(JSON.parse(stdout)).toMatchObject({ scenario: 'unheard', result: 'inconclusive' })

    const [junit, summary] = [join(folder, 'all', 'junit.xml'), join(folder, 'all', 'summary.md')]
    await using second = await start(['run', '--last-failed', UNHEARD, '--bail', '--junit', junit, '--summary', summary], { out })
    expect((await second.ended).code).toBe(2)
    expect(await readdir(join(out, 'unheard'))).toHaveLength(3)

    await using third = await start(['run', UNHEARD, QUICK, '--bail', '--junit', junit, '--summary', summary], { out })
    const { code: stopped, stderr } = await third.ended
    expect(stopped, stderr).toBe(2)
    expect(stderr).toMatch(/^\? {2}unheard +inconclusive /m)
    expect(stderr).toMatch(/^\? {2}quick-outage +not begun /m)
    expect(stderr).toMatch(/^0 of 2 scenarios passed, \d.* played$/m)
    expect(await readdir(out)).toEqual(['unheard'])
    const xml = await readFile(junit, 'utf8')
    expect(() => create(xml)).not.toThrow()
    expect(xml).toMatch(/<testsuite name="quick-outage" tests="1" failures="0" errors="0" skipped="1"/)
    expect(await readFile(summary, 'utf8')).toMatch(/INCONCLUSIVE: unheard[^]*NOT BEGUN: quick-outage/)
    expect(await leftAfter(third, 1000)).toEqual([])
  })
})

describe('several runs', () => {
  it('end with the code that matters most, each told, and what could not be played is no pass', async () => {
    const [junit, summary] = [join(folder, 'dead.xml'), join(folder, 'dead.md')]
    await using run = await start([
      'run',
      UNHEARD,
      QUICK,
      '--gateway',
      DEAD,
      '--inconclusive',
      'pass',
      '--junit',
      junit,
      '--summary',
      summary,
    ])
    const { code, stderr } = await run.ended
    expect(code, stderr).toBe(69)
    expect(stderr).toMatch(/^✗ {2}unheard +not played /m)
    expect(stderr).toMatch(/^✗ {2}quick-outage +not played /m)
    expect(await readFile(junit, 'utf8')).toMatch(/<testsuites [^>]* tests="2" failures="0" errors="2" skipped="0"/)
    expect(await readFile(summary, 'utf8')).toContain('0 of 2 scenarios passed')
  })
})
