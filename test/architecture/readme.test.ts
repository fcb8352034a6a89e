// What the README shows is what the code does.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { runCommand } from '../../src/cli/commands/run.ts'
import { exitCodes } from '../../src/cli/exit-codes.ts'
import { claims, criteria, faults } from '../../src/index.ts'
import { scenarioNames } from '../../src/project/find-scenario.ts'
import manifest from '../../package.json' with { type: 'json' }

const readme = readFileSync('README.md', 'utf8')

describe('the README', () => {
  it('has the table of exit codes', () => {
    const rows = Object.entries(exitCodes).map(([code, meaning]) => `| ${code} | ${meaning} |`)
    expect(readme).toContain(['| code | meaning |', '| --- | --- |', ...rows].join('\n'))
  })

  it('has the flags of a run', () => {
    const rows = runCommand(() => {}).options.map(({ flags, description }) => `| \`${flags.replaceAll('|', '\\|')}\` | ${description} |`)
    expect(rows.length).toBeGreaterThan(5)
    expect(readme).toContain(['| flag | meaning |', '| --- | --- |', ...rows].join('\n'))
  })

  it('shows a scenario as it is', () => {
    const code = readFileSync('scenarios/steady.ts', 'utf8').trim()
    expect(readme).toContain(['```ts', code, '```'].join('\n'))
  })

  it('names every fault that a scenario can be given, and no other', () => {
    const table = readme.slice(readme.indexOf('| faults | hit | made by |')).split('\n\n')[0]!
    const named = [...table.matchAll(/^\| (.*?) \|/gm)].flatMap(([, cell]) => [...cell!.matchAll(/`(\w+)`/g)].map(([, name]) => name!))
    expect(named.filter((name) => name !== 'flapping').toSorted()).toEqual(Object.keys(faults).toSorted())
  })

  it('names every criterion that a scenario can demand, and no other', () => {
    const table = readme.slice(readme.indexOf('| criteria | demand |')).split('\n\n')[0]!
    const named = [...table.matchAll(/^\| (.*?) \|/gm)].flatMap(([, cell]) => [...cell!.matchAll(/`(\w+)`/g)].map(([, name]) => name!))
    expect(named.toSorted()).toEqual(Object.keys(criteria).toSorted())
  })

  it('names every claim, and no other', () => {
    const table = readme.slice(readme.indexOf('| claim | what it stands for |')).split('\n\n')[0]!
    const named = [...table.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name!)
    expect(named.toSorted()).toEqual(Object.keys(claims).toSorted())
  })

  it('names scripts and scenarios that exist', () => {
    const scripts = [...readme.matchAll(/npm run ([a-z]+)/g)].map(([, name]) => name!)
    expect(scripts.length).toBeGreaterThan(0)
    expect(scripts.filter((name) => !(name in manifest.scripts))).toEqual([])
    const scenarios = [...readme.matchAll(/npm run scenario -- ([a-z-]+)/g)].map(([, name]) => name!)
    expect(scenarios.filter((name) => !scenarioNames().includes(name))).toEqual([])
  })
})
