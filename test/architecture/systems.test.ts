// The table of what the systems' stories show: every scenario in it exists, and has the defect that it names.
import { existsSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { sabotages } from '../sabotage/sabotages.ts'

const rows = [...readFileSync('.github/docs/systems.md', 'utf8').matchAll(/^\| [^|]+ \| `([\w-]+)` \| [^|]+ \| ([^|]+) \|$/gm)]

it('names scenarios that exist, each with its defect', () => {
  expect(rows.length).toBeGreaterThan(4)
  for (const [, scenario = '', defect] of rows) {
    expect(existsSync(`scenarios/${scenario}.ts`), scenario).toBe(true)
    expect(
      sabotages.filter((each) => each.scenario === scenario).map(({ title }) => title),
      scenario,
    ).toContain(defect)
  }
})
