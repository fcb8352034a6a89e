import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest'
import { allValues } from '../../../src/cli/flags/flags.ts'
import { collectMistakes } from '../../../src/cli/mistakes.ts'
import { selectScenarios } from '../../../src/cli/series/select-scenarios.ts'

let folder: string
const inside = process.cwd()

const scenarios = {
  'orders-outage': { story: 'Orders are out.', tags: ['quick', 'orders', 'shop-sales'] },
  'orders-slow': { story: 'Orders are late.', tags: ['orders', 'shop-sales'] },
  soak: { story: 'An hour of Orders.', tags: ['long', 'shop-returns'] },
  steady: { story: 'Nothing goes wrong.' },
}

/** Leaves the bundle of a run that ended so. */
function ran(name: string, result: string): void {
  const bundle = join(folder, 'reports', name, 'latest')
  mkdirSync(bundle, { recursive: true })
  writeFileSync(join(bundle, 'verdict.json'), JSON.stringify({ schemaVersion: 2, result }))
  writeFileSync(join(bundle, 'run.json'), JSON.stringify({ plan: { scenario: name, source: `scenarios/${name}.mjs` } }))
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'select-'))
  mkdirSync(join(folder, 'scenarios'))
  for (const [name, input] of Object.entries(scenarios))
    writeFileSync(join(folder, 'scenarios', `${name}.mjs`), `export default ${JSON.stringify({ name, input })}`)
  ran('orders-outage', 'pass')
  ran('orders-slow', 'fail')
  ran('soak', 'inconclusive')
  process.chdir(folder)
})
afterAll(() => {
  process.chdir(inside)
  rmSync(folder, { recursive: true })
})
afterEach(() => void vi.restoreAllMocks())

/** What is chosen, and what is said. */
async function selected(
  words: string[],
  choice: Parameters<typeof allValues>[0] = {},
): Promise<{ names: string[]; said: string; code?: number }> {
  let said = ''
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    said += String(text)
    return true
  })
  const mistakes = collectMistakes()
  const found = await selectScenarios(words, allValues(choice), mistakes)
  const code = mistakes.tell()
  return { names: found.map(({ scenario }) => scenario.name), said, ...(code !== undefined && { code }) }
}

it('takes names and paths in their order, each once', async () => {
  expect((await selected(['steady', 'scenarios/orders-slow.mjs', 'steady'])).names).toEqual(['steady', 'orders-slow'])
})

it('takes globs over the names', async () => {
  expect((await selected(['orders-*'])).names).toEqual(['orders-outage', 'orders-slow'])
  expect((await selected(['*ders-{slow,outage}', 'stead?'])).names).toEqual(['orders-outage', 'orders-slow', 'steady'])
})

it('leaves out of --all what is tagged long, and says so', async () => {
  const { names, said } = await selected([], { all: true })
  expect(names).toEqual(['orders-outage', 'orders-slow', 'steady'])
  expect(said).toBe('left out, since they are tagged long: soak\n')
})

it('takes what is tagged long when that is asked for', async () => {
  expect((await selected([], { tag: ['long'] })).names).toEqual(['soak'])
  expect((await selected([], { all: true, tag: ['long'] })).names).toEqual(['soak'])
  expect((await selected(['soak'])).names).toEqual(['soak'])
})

it('takes scenarios by any of their tags, and by their names and stories', async () => {
  expect((await selected([], { tag: ['quick', 'long'] })).names).toEqual(['orders-outage', 'soak'])
  expect((await selected([], { grep: /nothing|soak/iu })).names).toEqual(expect.arrayContaining(['soak', 'steady']))
  expect((await selected(['orders-*'], { grep: /late/iu })).names).toEqual(['orders-slow'])
})

it('takes the scenarios of a system, by its name or what that begins with', async () => {
  expect((await selected([], { system: ['shop-sales'] })).names).toEqual(['orders-outage', 'orders-slow'])
  expect((await selected([], { system: ['shop'] })).names).toEqual(['orders-outage', 'orders-slow', 'soak'])
  expect((await selected([], { all: true, system: ['shop'] })).names).toEqual(['orders-outage', 'orders-slow'])
  expect((await selected([], { system: ['shop-returns', 'shop-sales'], tag: ['quick', 'long'] })).names).toEqual(['orders-outage', 'soak'])
  expect((await selected(['*-slow', 'steady'], { system: ['shop'] })).names).toEqual(['orders-slow'])
})

it('tells each system that no scenario is of, and the nearest that there is', async () => {
  const { said, code } = await selected([], { system: ['shop', 'shp', 'shop-sails', 'sho-sales'] })
  for (const [wrong, near] of [
    ['shp', 'shop'],
    ['shop-sails', 'shop-sales'],
    ['sho-sales', 'shop-sales'],
  ])
    expect(said).toContain(`no scenario is of a system "${wrong}"; did you mean "${near}"?`)
  expect(said).not.toContain('system "shop"')
  expect(code).toBe(64)
})

it('takes with --last-failed what did not pass, and nothing that was never run', async () => {
  expect((await selected([], { lastFailed: true })).names).toEqual(['orders-slow', 'soak'])
  expect((await selected(['orders-*', 'steady'], { lastFailed: true })).names).toEqual(['orders-slow'])
})

it.each([
  [[], {}, 'name a scenario, or choose with --all, --grep, --tag, --system or --last-failed; known: orders-outage, orders-slow'],
  [['steady'], { all: true }, '--all runs every scenario; leave out the names'],
  [['order-?'], {}, 'no scenario has a name like "order-?"'],
  [['orders-outage'], { lastFailed: true }, 'no scenario is left to run by --last-failed (no last run in reports/ that did not pass)'],
  [['steady'], { system: ['shop'] }, 'no scenario is of a system "shop"'],
  [[], { system: ['shop-sales'], tag: ['long'] }, 'no scenario is left to run by --tag long, --system shop-sales'],
  [[], { tag: ['nightly'] }, 'no scenario is left to run by --tag nightly'],
  [['steady'], { grep: /orders/iu, tag: ['quick'] }, 'no scenario is left to run by --grep orders, --tag quick'],
] as const)('runs nothing, and never as if it had passed: %j with %o', async (words, choice, told) => {
  const { names, said, code } = await selected([...words], choice)
  expect(names).toEqual([])
  expect(said).toContain(told)
  expect(code).toBe(64)
})

it('tells everything that is wrong with several in one round', async () => {
  const { said, code } = await selected(['stedy', 'nope-*', 'package.json/', 'steady'])
  expect(said).toContain('unknown scenario "stedy"; did you mean "steady"?')
  expect(said).toContain('no scenario has a name like "nope-*"')
  expect(said).toContain('unknown scenario "package.json/"')
  expect(code).toBe(64)
})

it('names a bundle of another version, and chooses nothing by it', async () => {
  const bundle = join(folder, 'old', 'steady', 'latest')
  mkdirSync(bundle, { recursive: true })
  writeFileSync(join(bundle, 'verdict.json'), JSON.stringify({ schemaVersion: 1, result: 'fail' }))
  const { names, said, code } = await selected([], { lastFailed: true, out: 'old' })
  expect(names).toEqual([])
  expect(said).toMatch(/verdict\.json was written by another version/)
  expect(code).toBe(65)
})
