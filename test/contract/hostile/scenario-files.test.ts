// Scenario files that are broken in every way that a program can be. Each is told as the project's own mistake, with its place, and
// none keeps the others from being listed.
import { execFile } from 'node:child_process'
import { mkdtemp, mkdir, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const index = JSON.stringify(resolve('src/index.ts'))
const gemini = JSON.stringify(resolve('fake-upstreams/gemini.ts'))

/** A scenario that is planned, with `changes` in place of its parts. */
const sound = (changes = ''): string => `import { errorRate, perSecond, phase, reference, scenario } from ${index}
import { gemini } from ${gemini}

const parts = {
  story: 'A story.',
  upstreams: { gemini },
  gateway: reference({ gemini: {} }),
  load: { rate: perSecond(20), mix: [gemini.listModels()] },
  phases: () => [phase('steady', '60s')],
  criteria: [errorRate().during('steady').below('20%')],
}
export default scenario('NAME', { ...parts, ${changes} })
`

// The text of the file, and what is told of it. The file's own name stands for NAME.
const files: [name: string, text: string, told: RegExp][] = [
  ['is empty', '', /its default export must be .*; there is none/],
  ['exports nothing by default', 'export const a = 1', /there is none/],
  ['exports null', 'export default null', /its default export must be/],
  ['exports undefined', 'export default undefined', /its default export must be/],
  ['exports a number', 'export default 5', /its default export must be/],
  ['exports a text', 'export default "x"', /its default export must be/],
  ['exports a function', 'export default () => 1', /its default export must be/],
  ['exports a list', 'export default []', /its default export must be/],
  ['exports a promise', 'export default Promise.resolve(1)', /it is a promise: await it/],
  ['exports a promise that fails', 'export default Promise.reject(new Error("no"))', /could not be loaded: Error: no/],
  ['exports a look-alike without parts', 'export default { name: "NAME", input: {} }', /NAME\.ts: \d+ problems/],
  ['exports a class', 'export default class A {}', /its default export must be/],
  ['exports a symbol', 'export default Symbol("a")', /its default export must be/],
  [
    'exports a proxy that throws',
    'export default new Proxy({}, { get() { throw new Error("trap") }, has() { throw new Error("trap") } })',
    /NAME\.ts:1 could not be loaded: Error: trap/,
  ],
  ['exports what has a getter that throws', 'export default { get name() { throw new Error("got") } }', /NAME\.ts:1 .*Error: got/],
  ['throws an error', '\n\nthrow new Error("boom")', /NAME\.ts:3 could not be loaded: Error: boom/],
  ['throws in a function', 'const f = () => {\n  throw new RangeError("deep")\n}\nf()', /NAME\.ts:2 could not be loaded: RangeError: deep/],
  ['throws a text', 'throw "words"', /could not be loaded: it threw 'words'/],
  ['throws null', 'throw null', /could not be loaded: it threw null/],
  ['throws undefined', 'throw undefined', /could not be loaded: it threw undefined/],
  ['throws an object', 'throw { a: 1 }', /could not be loaded: it threw \{ a: 1 \}/],
  [
    'throws an error that cannot be read',
    'const e = new Error("x"); Object.defineProperty(e, "message", { get() { throw 1 } }); throw e',
    /could not be loaded: it threw something that cannot be shown/,
  ],
  ['throws a proxy', 'throw new Proxy({}, { get() { throw 1 }, getPrototypeOf() { throw 1 } })', /could not be loaded: it threw/],
  ['does not parse', 'const a = 1\nconst b = = 2', /NAME\.ts:2 could not be loaded: SyntaxError/],
  ['does not parse as TypeScript', 'const a: number = 1\nconst b = {{', /NAME\.ts:2 could not be loaded: SyntaxError/],
  ['ends too early', 'export default {\n', /NAME\.ts:\d could not be loaded: SyntaxError/],
  ['declares twice', 'const a = 1\n\nconst a = 2\nexport default a', /NAME\.ts:3 could not be loaded: SyntaxError/],
  ['has an enum, which Node does not strip', '\nenum A { b }\nexport default A', /NAME\.ts:2 could not be loaded: .*enum/],
  ['is JSON', '{ "name": "NAME" }', /NAME\.ts:1 could not be loaded: SyntaxError/],
  ['is no text', '\0\u0001\u0002', /could not be loaded: SyntaxError/],
  [
    'imports a missing package',
    '\nimport x from "no-such-package"\nexport default x',
    /NAME\.ts:2 could not be loaded: Error: Cannot find package/,
  ],
  [
    'imports a missing file',
    '\n\nimport x from "./no-such.ts"\nexport default x',
    /NAME\.ts:3 could not be loaded: Error: Cannot find module/,
  ],
  [
    'imports what is not exported',
    '\nimport { nope } from "node:fs"\nexport default nope',
    /NAME\.ts:2 could not be loaded: SyntaxError.*nope/,
  ],
  ['imports a file that does not parse', 'import "./unparsed.ts"', /unparsed\.ts:2 could not be loaded: SyntaxError/],
  ['imports an unknown scheme', 'import "gopher://a"', /could not be loaded: Error/],
  ['uses what is not defined', '\nconst a = scenario("NAME", {})\nexport default a', /NAME\.ts:2 could not be loaded: ReferenceError/],
  ['leaves a rejection behind', 'Promise.reject(new Error("left"))\nexport default 1', /NAME\.ts:1 could not be loaded: Error: left/],
  ['leaves a rejection of nothing behind', 'Promise.reject()\nexport default 1', /could not be loaded: it threw undefined/],
  ['ends the process', 'process.exit(0)', /NAME\.ts:1 could not be loaded: Error: it calls process\.exit\(0\)/],
  ['has another name', sound().replace('NAME', 'other'), /the scenario is named "other"; name it "NAME"/],
  ['has a story that is a number', sound('story: 5'), /story/],
  ['has a getter that throws', sound('get story() { throw new Error("got") }'), /Error: got/],
  ['has phases that are a list', sound('phases: []'), /phases .*function/],
  ['has phases that throw', sound('phases: () => { throw new Error("late") }'), /phases +late/],
  ['has phases that throw a text', sound('phases: () => { throw "late" }'), /phases +it threw 'late'/],
  ['has phases that return a promise', sound('phases: async () => []'), /phases/],
  ['has phases without end', sound('phases: () => [phase("steady", "1e9s")]'), /duration/],
  ['has criteria that throw', sound('criteria: () => { throw new TypeError("late") }'), /criteria +late/],
  ['has an unfinished criterion', sound('criteria: [errorRate()]'), /is no criterion/],
  ['has upstreams that are null', sound('upstreams: null'), /upstreams/],
  ['has an upstream that is null', sound('upstreams: { gemini: null }'), /upstreams\.gemini/],
  ['asks for nothing', sound('load: { rate: perSecond(20) }'), /load\.mix/],
  [
    'has an endless rate',
    sound('load: { rate: perSecond(Infinity), mix: [gemini.listModels()] }'),
    /load\.rate\.startPerSecond .*got Infinity\n/,
  ],
  [
    'has a rate that is no number',
    sound('load: { rate: perSecond(NaN), mix: [gemini.listModels()] }'),
    /load\.rate\.startPerSecond .*got NaN\n/,
  ],
  ['has a mix that is a function', sound('load: { rate: perSecond(1), mix: () => [] }'), /load\.mix/],
  [
    'asks with a misspelt option',
    sound('load: { rate: perSecond(9), mix: [gemini.listModels({ wieght: 3 })] }'),
    /NAME\.ts:\d+: .*did you mean "weight"/s,
  ],
  [
    'has a body that is a circle',
    `const circle: unknown[] = []\ncircle.push(circle)\n${sound('load: { rate: perSecond(20), mix: [gemini.countTokens({ bodies: [circle] })] }')}`,
    /could not be loaded: TypeError: Converting circular structure/,
  ],
  [
    'has a body that JSON cannot hold',
    sound('load: { rate: perSecond(20), mix: [gemini.countTokens({ bodies: [{ n: 1n }] })] }'),
    /could not be loaded: TypeError: Do not know how to serialize a BigInt/,
  ],
  ['has parts that are a proxy', sound('...new Proxy({}, { ownKeys() { throw new Error("trap") } })'), /Error: trap/],
  ['asks for more than anybody waits for', sound('load: { rate: perSecond(1e6), mix: [gemini.listModels()] }'), /load\.rate/],
]

let folder: string
let told: Record<string, { code: string; message: string }>
const nameOf = (at: number): string => `broken-${String(at).padStart(2, '0')}`

function run(script: string, args: string[], cwd = process.cwd()): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((done) =>
    execFile('node', [resolve(script), ...args], { cwd, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) =>
      done({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr }),
    ),
  )
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scenario-files-'))
  await mkdir(join(folder, 'scenarios'))
  await writeFile(join(folder, 'package.json'), '{"type":"module"}')
  await writeFile(join(folder, 'scenarios', 'unparsed.ts'), '\nconst = 1\n')
  await writeFile(join(folder, 'scenarios', 'fine.ts'), sound().replace('NAME', 'fine'))
  await mkdir(join(folder, 'scenarios', 'folder.ts'))
  await symlink('nowhere.ts', join(folder, 'scenarios', 'dangling.ts'))
  await symlink('circle.ts', join(folder, 'scenarios', 'circle.ts'))
  await Promise.all(
    files.map(([, text], at) => writeFile(join(folder, 'scenarios', `${nameOf(at)}.ts`), text.replaceAll('NAME', nameOf(at)))),
  )
  const { stdout, stderr } = await run('test/contract/hostile/read-scenarios.ts', [
    ...files.map((_, at) => join(folder, 'scenarios', `${nameOf(at)}.ts`)),
    join(folder, 'scenarios', 'fine.ts'),
  ])
  told = stdout.startsWith('{') ? (JSON.parse(stdout) as typeof told) : { '': { code: 'ended', message: stderr } }
})
afterAll(() => rm(folder, { recursive: true }))

describe('a scenario file that', () => {
  it.each(files.map(([name, , message], at) => [name, at, message] as const))('%s is told with its place', (_, at, message) => {
    const file = join(folder, 'scenarios', `${nameOf(at)}.ts`)
    expect(told[file]?.code, JSON.stringify(told[file] ?? told[''])).toBe('invalid_scenario')
    expect(told[file]?.message).toMatch(new RegExp(message.source.replaceAll('NAME', nameOf(at)), message.flags))
    expect(told[file]?.message).toContain(
      `${file.split('/').at(-1)}`.replace(/^(.*)$/, message.source.includes('unparsed') ? 'unparsed.ts' : '$1'),
    )
  })

  it('is fine is planned', () => {
    expect(told[join(folder, 'scenarios', 'fine.ts')]).toEqual({ code: 'planned', message: '' })
  })
})

it('lists all scenarios, whatever is wrong with some, and ends in 65', async () => {
  await writeFile(join(folder, 'scenarios', 'waiting.ts'), 'export default await new Promise(() => {})')
  await writeFile(join(folder, 'scenarios', 'looping.ts'), 'export default 1\nfor (;;);\n')
  await writeFile(join(folder, 'scenarios', 'ticking.ts'), `setInterval(() => {}, 1000)\n${sound().replace('NAME', 'ticking')}`)
  const { code, stdout, stderr } = await run('src/cli/main.ts', ['list'], folder)
  expect(code, stderr).toBe(65)
  // After the project's own come those of the package.
  const lines = stdout
    .trim()
    .split('\n')
    .filter((line) => !/^\S+ +never run +package /.test(line))
  expect(lines).toHaveLength(files.length + 8)
  expect(lines.find((line) => line.startsWith('fine '))).toMatch(/^fine +never run +scenarios\/ +A story\.$/)
  expect(lines.find((line) => line.startsWith('ticking '))).toMatch(/^ticking +never run +scenarios\/ +A story\.$/)
  expect(stderr).toMatch(/looping\.ts:2 could not be loaded: Error: it runs without an end/)
  expect(stderr).toMatch(/waiting\.ts could not be loaded: Error: it awaits something that never comes/)
  expect(stderr).not.toMatch(/defect in Gatecrash|^ +at /m)
})
