// .github/docs/systems.md names scenarios that there are, each with a defect of the same name that it catches.
import { existsSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { sabotages } from '../sabotage/sabotages.ts'

it('names scenarios that there are, each with the defect that it catches', () => {
  const page = readFileSync('.github/docs/systems.md', 'utf8')
  const names = [...page.matchAll(/^\| [^|]+ \| `([\w-]+)` \|/gm)].map(([, name]) => name!)
  const rows = page.split('\n').filter((line) => /^\| (?!---|behaviour )/.test(line))
  expect(names.length).toBeGreaterThan(15)
  expect(names).toHaveLength(rows.length)
  const wrong = names.filter(
    (name) => !existsSync(`scenarios/${name}.ts`) || !sabotages.some(({ id, scenario }) => id === name && scenario === name),
  )
  expect(wrong).toEqual([])
})
