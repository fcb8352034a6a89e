import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { expect, it } from 'vitest'
import { findScenario, scenarioNames } from '../../src/project/find-scenario.ts'

it('lists what is in the folder, files that are not scenarios left out', () => {
  expect(scenarioNames()).toContain('gemini-outage')
  expect(scenarioNames()).not.toContain('systems')
})

it('finds a scenario by name and by path', async () => {
  expect((await findScenario('steady')).source).toBe('scenarios/steady.ts')
  expect((await findScenario('scenarios/steady.ts')).scenario.name).toBe('steady')
})

it.each([
  ['gemini-outtage', 'did you mean "gemini-outage"?'],
  ['../package', 'known: '],
  ['/etc/passwd', 'known: '],
])('refuses %s with what there is', async (id, told) => {
  await expect(findScenario(id)).rejects.toMatchObject({ code: 'usage', message: expect.stringContaining(told) as string })
})

it('says so when a file is not a scenario', async () => {
  await expect(findScenario('scenarios/systems/podcast.ts')).rejects.toMatchObject({
    code: 'invalid_scenario',
    message: expect.stringContaining('its default export must be') as string,
  })
})

it('names the line of a scenario that a builder refuses', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'scenario-'))
  const file = join(folder, 'typo.ts')
  await writeFile(file, `import { errorRate } from ${JSON.stringify(resolve('src/index.ts'))}\n\nerrorRate().below(5)\n`)
  await expect(findScenario(file)).rejects.toMatchObject({
    code: 'invalid_scenario',
    message: expect.stringContaining('typo.ts:3: not a share: 5'),
  })
  await rm(folder, { recursive: true })
})
