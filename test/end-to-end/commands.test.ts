import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { scenarioNames } from '../../src/project/find-scenario.ts'
import { start } from './gatecrash.ts'

const said = async (args: string[]): Promise<string> => {
  await using run = await start(args)
  const { code, stdout, stderr } = await run.ended
  expect(code, stderr).toBe(0)
  expect(stderr).toBe('')
  return stdout
}

describe('the commands that send nothing', () => {
  it('list names every scenario with its story', async () => {
    const lines = (await said(['list'])).trim().split('\n')
    expect(lines.map((line) => line.split(' ')[0])).toEqual(scenarioNames())
    expect(lines.find((line) => line.startsWith('steady '))).toMatch(/\. \(podcast-production\)$/)
  })

  it('show prints the plan for people, and as JSON', async () => {
    const shown = await said(['show', 'gemini-outage', '--seed', '7'])
    expect(shown).toContain('seed 7')
    expect(shown).toContain('C1')
    expect(JSON.parse(await said(['show', 'gemini-outage', '--json', '--policy', 'production']))).toMatchObject({
      scenario: 'gemini-outage',
      settings: 'production',
      upstreams: { gemini: { module: 'fake-upstreams/gemini.ts', export: 'gemini' } },
    })
  })

  it('doctor finds this machine fit', async () => {
    expect(await said(['doctor', '--quick'])).toMatch(/^ok +node +v/)
  })
})

describe('a bundle of another version', () => {
  const OLD = 'test/run/bundle/bundle-of-version-1'

  it('is told in a sentence by list, which goes on with the other scenarios', async () => {
    const out = await mkdtemp(join(tmpdir(), 'gatecrash-'))
    await cp(OLD, join(out, 'gemini-outage', 'latest'), { recursive: true })
    await using run = await start(['list', '--out', out])
    const { code, stdout, stderr } = await run.ended
    await rm(out, { recursive: true })
    expect(stderr).toMatch(
      /^\S+gemini-outage\/latest\/verdict\.json was written by another version \(schema 1; this version reads \d\): run the scenario again\n$/,
    )
    expect(stdout.trim().split('\n')).toHaveLength(scenarioNames().length)
    expect(stdout).toMatch(/^gemini-outage +unreadable /m)
    expect(code).toBe(65)
  })

  it('is told in a sentence by judge, and left as it is', async () => {
    await using run = await start(['judge', OLD])
    const { code, stdout, stderr } = await run.ended
    expect(stderr).toBe(`${OLD}/run.json was written by gatecrash 0.1.0 (schema 1; this version reads 2): run the scenario again\n`)
    expect(stdout).toBe('')
    expect(code).toBe(65)
  })
})
