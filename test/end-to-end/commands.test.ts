import { describe, expect, it } from 'vitest'
import { scenarioNames } from '../../src/cli/find-scenario.ts'
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
  })

  it('show prints the plan for people, and as JSON', async () => {
    const shown = await said(['show', 'gemini-outage', '--seed', '7'])
    expect(shown).toContain('seed 7')
    expect(shown).toContain('C1')
    expect(JSON.parse(await said(['show', 'gemini-outage', '--json', '--policy', 'production']))).toMatchObject({
      scenario: 'gemini-outage',
      policy: 'production',
      upstreams: { gemini: { module: 'fake-upstreams/gemini.ts', export: 'gemini' } },
    })
  })

  it('doctor finds this machine fit', async () => {
    expect(await said(['doctor'])).toMatch(/^ok +node +v/)
  })
})
