// Which kinds of modules a project may be written in. Node itself loads them: the loader of the tests knows no CommonJS.
import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'

const source = (path: string): string => JSON.stringify(pathToFileURL(resolve('src', path)).href)
const author = JSON.stringify(resolve('src/index.ts'))

const esModule = `import { scenario } from ${author}\nexport default scenario('a', {})\n`
const commonJs = `const { scenario } = require(${author})\nmodule.exports = scenario('a', {})\n`
const compiled = `Object.defineProperty(exports, '__esModule', { value: true })\nexports.default = { name: 'a', input: {} }\n`
const upstream = `const { defineUpstream } = require(${author})\nexports.orders = defineUpstream(module, { name: 'orders', latency: '1ms', routes: {} })\n`
const remedy = (file: string, renamed: string): string =>
  `${file}:1 could not be loaded: it is an ES module, and Node reads it as CommonJS: rename it to ${renamed}`

interface Case {
  title: string
  /** Of the package.json. */
  type: string
  files: Record<string, string>
  /** Is asked in the folder of the files; its answer, or the message of its error, is told. */
  ask: string
  answer: string
}

const found = `findScenario('a').then(({ scenario, source }) => source + ': ' + scenario.name)`
const exported = (name: string): string => `findExport('./a.cjs', '${name}', { is: (value) => value === 1, noun: 'number', madeBy: '1' })`

const loaded: Case[] = [
  ['a.ts', 'module', esModule],
  ['a.mts', 'commonjs', esModule],
  ['a.js', 'module', esModule],
  ['a.mjs', 'commonjs', esModule],
  ['a.cjs', 'module', commonJs],
  ['a.cts', 'module', commonJs],
  ['a.js', 'commonjs', commonJs],
  ['a.ts', 'commonjs', commonJs],
  ['a.cjs', 'commonjs', compiled],
].map(([file = '', type = '', text = '']) => ({
  title: `loads a scenario ${file} in a package of type ${type}${text === compiled ? ', which a compiler wrote' : ''}`,
  type,
  files: { [`scenarios/${file}`]: text },
  ask: found,
  answer: `scenarios/${file}: a`,
}))

const refused: Case[] = [
  ['scenarios/a.ts', 'scenarios/a.mts'],
  ['scenarios/a.js', 'scenarios/a.mjs'],
  ['fakes/orders.ts', 'fakes/orders.mts'],
].map(([file = '', renamed = '']) => ({
  title: `says what to do about ${file} of a CommonJS package, an ES module`,
  type: 'commonjs',
  files: { [file]: esModule, ...(file.startsWith('fakes/') && { 'scenarios/a.ts': `module.exports = require('../${file}')\n` }) },
  ask: found,
  answer: `${remedy(file, renamed)}, or write "type": "module" into its package.json`,
}))

const cases: Case[] = [
  ...loaded,
  ...refused,
  {
    title: 'says what to do about a .cjs file that is an ES module, which no package.json changes',
    type: 'module',
    files: { 'scenarios/a.cjs': esModule },
    ask: found,
    answer: remedy('scenarios/a.cjs', 'scenarios/a.mjs'),
  },
  {
    title: 'finds an export of CommonJS again, also one that Node cannot see without running the module',
    type: 'module',
    files: { 'a.cjs': `module.exports = Object.fromEntries([['orders', 1]])` },
    ask: exported('orders'),
    answer: '1',
  },
  {
    title: 'suggests an export of CommonJS',
    type: 'module',
    files: { 'a.cjs': `module.exports = Object.fromEntries([['orders', 1]])` },
    ask: exported('order'),
    answer: './a.cjs: has no export "order"; did you mean "orders"?; write: export const order = 1',
  },
  {
    title: 'lets a CommonJS module define an upstream by its own `module`',
    type: 'commonjs',
    files: { 'orders.js': upstream },
    ask: `loadUpstream({ module: './orders.js', export: 'orders' }).then(({ name }) => name)`,
    answer: 'orders',
  },
]

let folder: string
let answers: string[]

beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'project-')))
  for (const [at, { type, files }] of cases.entries())
    for (const [file, text] of Object.entries({ ...files, 'package.json': JSON.stringify({ type }) })) {
      const path = join(folder, String(at), file)
      await mkdir(dirname(path), { recursive: true })
      await writeFile(path, text)
    }
  // One process for all of them: it takes a moment to start.
  const script = `
    const { findScenario } = await import(${source('project/find-scenario.ts')})
    const { findExport } = await import(${source('kernel/modules/find-export.ts')})
    const { loadUpstream } = await import(${source('upstreams/find-module.ts')})
    const answers = []
    for (const [at, ask] of [${cases.map(({ ask }) => `() => ${ask}`).join(',\n')}].entries()) {
      process.chdir(${JSON.stringify(folder)} + '/' + at)
      answers.push(await ask().catch((error) => error.message))
    }
    console.log(JSON.stringify(answers.map(String)))`
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script])
  answers = JSON.parse(stdout) as string[]
})
afterAll(() => rm(folder, { recursive: true }))

it.each(cases.map(({ title, answer }, at) => [title, at, answer] as const))('%s', (_, at, answer) => {
  expect(answers[at]).toBe(answer)
})
