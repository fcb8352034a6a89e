// What CONTRIBUTING shows of the tree is what the tree is.
import { existsSync, readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import manifest from '../../package.json' with { type: 'json' }

const page = readFileSync('.github/CONTRIBUTING.md', 'utf8')

it('draws the rooms as the table of imports does', () => {
  const drawing = [...readFileSync('test/architecture/layers.ts', 'utf8').matchAll(/^\/\/ {3}(.*)$/gm)].map(([, line]) => `    ${line}`)
  expect(drawing.length).toBeGreaterThan(1)
  expect(page).toContain(drawing.join('\n'))
})

it('names files and folders that exist', () => {
  const named = [...page.matchAll(/`((?:src|test|scenarios|fake-upstreams)\/[\w./-]*)`/g)].map(([, path]) => path!)
  expect(named.length).toBeGreaterThan(20)
  expect(named.filter((path) => !existsSync(path))).toEqual([])
})

it('names scripts that exist', () => {
  const scripts = [...page.matchAll(/npm run ([a-z:]+)/g)].map(([, name]) => name!)
  expect(scripts.length).toBeGreaterThan(3)
  expect(scripts.filter((name) => !(name in manifest.scripts))).toEqual([])
})
