import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { findScenario, isFoundByName, scenarioNames } from '../../src/project/find-scenario.ts'
import { scenarioFiles } from '../../src/project/scenario-files.ts'

const repository = process.cwd()
let folder: string

beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'project-')))
  process.chdir(folder)
})
afterEach(async () => {
  process.chdir(repository)
  await rm(folder, { recursive: true })
})

async function write(...files: string[]): Promise<void> {
  await mkdir('scenarios')
  for (const file of files) await writeFile(join('scenarios', file), '')
}

const own = (): string[] => scenarioFiles().flatMap(({ name, of }) => (of === 'project' ? [name] : []))

it('finds every kind of file that Node loads', async () => {
  await write('f.cjs', 'a.ts', 'b.mts', 'c.cts', 'd.js', 'e.mjs')
  expect(own()).toEqual(['a', 'b', 'c', 'd', 'e', 'f'])
})

it('takes declarations, tests and other files for no scenarios', async () => {
  await write('a.d.ts', 'a.d.mts', 'a.test.ts', 'README.md', 'a.json', '.ts')
  expect(own()).toEqual([])
})

it('refuses a name that two files have', async () => {
  await write('a.ts', 'a.mjs')
  expect(scenarioNames().filter((name) => name === 'a')).toHaveLength(1)
  await expect(findScenario('a')).rejects.toMatchObject({
    code: 'usage',
    message: expect.stringMatching(
      /^"a" is the name of scenarios\/a\.\w+ and of scenarios\/a\.\w+: rename one of them, or give its path$/,
    ) as string,
  })
})

it('brings the scenarios of the package to a project that has none, and says where none is', async () => {
  expect(scenarioFiles()).toContainEqual({ name: 'steady', of: 'package', file: join(repository, 'scenarios/steady.ts') })
  expect(isFoundByName('steady', join(repository, 'scenarios/steady.ts'))).toBe(true)
  await expect(findScenario('stedy')).rejects.toThrow(`did you mean "steady"?; there is no folder scenarios/ with scenarios in ${folder}`)
})

it('takes the scenario of the project where the package has one of that name', async () => {
  await write('steady.mts')
  expect(scenarioFiles().filter(({ name }) => name === 'steady')).toMatchObject([
    { of: 'project', file: join(folder, 'scenarios/steady.mts') },
  ])
  expect(isFoundByName('steady', 'scenarios/steady.mts')).toBe(true)
  expect(isFoundByName('steady', join(repository, 'scenarios/steady.ts'))).toBe(false)
})

it('lists the scenarios of a repository once, where it is the project itself', () => {
  process.chdir(repository)
  expect(new Set(scenarioFiles().map(({ of }) => of))).toEqual(new Set(['project']))
})
