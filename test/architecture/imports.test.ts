import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { layers, mayImport } from './layers.ts'
import { type SourceFile, parseSource, readSource, root } from './source.ts'

const files = readSource('src/**/*.ts')
const internal = files.flatMap((file) =>
  file.imports.flatMap(({ target, ...rest }) => (target === undefined ? [] : [{ from: file.path, target, ...rest }])),
)
const folderOf = (path: string): string => path.split('/')[1]!
const PUBLIC_EXPORTS = 'src/index.ts'

describe('what the rules are checked against', () => {
  it('is the source of every layer', () => {
    expect(new Set(files.map((file) => folderOf(file.path)))).toContain('kernel')
    expect(files.length).toBeGreaterThan(15)
    expect(internal.length).toBeGreaterThan(files.length / 2)
  })

  it('has no folder without a rule', () => {
    const folders = new Set(files.map((file) => file.path).filter((path) => path !== PUBLIC_EXPORTS))
    expect([...folders].map(folderOf).filter((folder) => !(folder in layers))).toEqual([])
  })
})

describe('imports', () => {
  it('name files that exist, with their extension', () => {
    const broken = internal.filter(({ target }) => !existsSync(join(root, target)) || !/\.[a-z]+$/.test(target))
    expect(broken.map(({ from, specifier, line }) => `${from}:${line} ${specifier}`)).toEqual([])
  })

  it('stay inside src: scenarios and fake upstreams are loaded by path', () => {
    const leaving = internal.filter(({ target }) => !target.startsWith('src/') && target !== 'package.json')
    expect(leaving.map(({ from, target }) => `${from} -> ${target}`)).toEqual([])
  })

  it('follow the layers', () => {
    const forbidden = internal
      .filter(({ from, target }) => from !== PUBLIC_EXPORTS && target.startsWith('src/'))
      .filter(({ from, target, typeOnly }) => !mayImport(folderOf(from), target.slice('src/'.length), typeOnly))
    expect(forbidden.map(({ from, line, target, typeOnly }) => `${from}:${line} -> ${target}${typeOnly ? ' (type)' : ''}`)).toEqual([])
  })

  it('form no cycle at run time', () => {
    expect(findCycle(files)).toBeUndefined()
  })
})

describe('the rules', () => {
  it.each([
    ['gateway', 'judge/verdict.ts', true],
    ['gateway', 'evidence/events.ts', true],
    ['kernel', 'policies/settings.ts', true],
    ['judge', 'stage/live.ts', false],
    ['scenario', 'upstreams/faults.ts', false],
    ['stage', 'gateway/main.ts', false],
    ['policies', 'toxiproxy/toxic.ts', false],
    ['somewhere', 'kernel/clock.ts', false],
  ])('keep %s from importing %s (type only: %s)', (folder, target, typeOnly) => {
    expect(mayImport(folder, target, typeOnly)).toBe(false)
  })

  it.each([
    ['scenario', 'upstreams/faults.ts', true],
    ['scenario', 'policies/settings.ts', false],
    ['cli', 'report/html.ts', false],
    ['kernel', 'kernel/clock.ts', false],
  ])('let %s import %s (type only: %s)', (folder, target, typeOnly) => {
    expect(mayImport(folder, target, typeOnly)).toBe(true)
  })

  it('see every way to import', () => {
    const { imports } = parseSource(
      'src/stage/x.ts',
      `import type { A } from './a.ts'
       import { type B } from './b.ts'
       import { type C, d } from '../judge/d.ts'
       import './e.ts'
       export * from './f.ts'
       export type { G } from './g.ts'
       const h = await import('./h.ts')
       type I = import('./i.ts').I
       import z from 'zod'`,
    )
    expect(imports.map(({ target, typeOnly }) => [target, typeOnly])).toEqual([
      ['src/stage/a.ts', true],
      ['src/stage/b.ts', true],
      ['src/judge/d.ts', false],
      ['src/stage/e.ts', false],
      ['src/stage/f.ts', false],
      ['src/stage/g.ts', true],
      ['src/stage/h.ts', false],
      ['src/stage/i.ts', true],
      [undefined, false],
    ])
  })

  it('see a cycle', () => {
    const cyclic = ['a', 'b', 'c'].map((name, at) => parseSource(`src/x/${name}.ts`, `import './${'bca'[at]}.ts'`))
    expect(findCycle(cyclic)).toEqual(['src/x/a.ts', 'src/x/b.ts', 'src/x/c.ts', 'src/x/a.ts'])
  })
})

/** The first ring of value imports, from a file back to itself. Types cannot form one: they are stripped. */
function findCycle(sources: readonly SourceFile[]): string[] | undefined {
  const byPath = new Map(sources.map((file) => [file.path, file]))
  const finished = new Set<string>()
  const walk = (path: string, trail: string[]): string[] | undefined => {
    if (trail.includes(path)) return [...trail.slice(trail.indexOf(path)), path]
    if (finished.has(path)) return undefined
    for (const { target, typeOnly } of byPath.get(path)?.imports ?? []) {
      const ring = target === undefined || typeOnly ? undefined : walk(target, [...trail, path])
      if (ring) return ring
    }
    finished.add(path)
    return undefined
  }
  for (const file of sources) {
    const ring = walk(file.path, [])
    if (ring) return ring
  }
  return undefined
}
