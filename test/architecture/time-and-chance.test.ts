// Time and chance are parameters: only the kernel takes them from the surroundings. The linter says the same while typing
// (.oxlintrc.json); this test also sees what a linter's list of globals cannot, and lists the files that have grown long.
import { expect, it } from 'vitest'
import { parseSource, readSource } from './source.ts'

const files = readSource('src/**/*.ts')
const outsideKernel = files.filter((file) => !file.path.startsWith('src/kernel/'))

const LONG = 250
const long = files.filter((file) => file.lines > LONG).toSorted((a, b) => b.lines - a.lines)
console.log(
  [`${files.length} files in src, ${long.length} longer than ${LONG} lines`, ...long.map((f) => `  ${f.lines} ${f.path}`)].join('\n'),
)

it('finds the kernel reading the clock, so that it would find others', () => {
  const clock = files.find((file) => file.path === 'src/kernel/clock.ts')
  expect(clock?.ambient.map((use) => use.split(':')[0])).toEqual(expect.arrayContaining(['setTimeout', 'setImmediate', 'performance.now']))
})

it('finds no ambient time or chance outside the kernel', () => {
  expect(outsideKernel.length).toBeGreaterThan(10)
  expect(outsideKernel.flatMap((file) => file.ambient.map((use) => `${file.path} ${use}`))).toEqual([])
})

it.each([
  ['setTimeout(f, 1)', ['setTimeout']],
  ['globalThis.setInterval(f, 1)', ['setInterval']],
  ['const later = setImmediate', ['setImmediate']],
  ["const t = Date['now']()", ['Date.now']],
  ['const t = new Date()', ['new Date()']],
  ['const r = Math.random() + performance.now()', ['Math.random', 'performance.now']],
  ["import { setTimeout as sleep } from 'node:timers/promises'", ['setTimeout', 'node:timers/promises']],
  ['fetch(url, { signal: AbortSignal.timeout(5) })', ['AbortSignal.timeout']],
  ['const parsed = new Date(text); clock.setTimeout({ setTimeout: 1 }); Math.max(1)', []],
])('reads `%s`', (text, uses) => {
  const found = parseSource('src/stage/x.ts', text).ambient.map((use) => use.replace(/:\d+$/, ''))
  expect(found.toSorted()).toEqual([...uses].toSorted())
})
