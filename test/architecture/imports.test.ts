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
      .filter(({ from, target }) => !mayImport(folderOf(from), target.slice('src/'.length)))
    expect(forbidden.map(({ from, line, target }) => `${from}:${line} -> ${target}`)).toEqual([])
  })

  it('form no cycle, types included', () => {
    expect(findCycles(files)).toEqual([])
  })
})

describe('the rules', () => {
  it.each([
    ['gateway', 'judge/verdict.ts'],
    ['gateway', 'evidence/events.ts'],
    ['kernel', 'policies/settings.ts'],
    ['judge', 'stage/live/live-stage.ts'],
    ['scenario', 'gateway/gateway.ts'],
    ['stage', 'gateway/main.ts'],
    ['policies', 'toxiproxy/proxy/proxy.ts'],
    ['faults', 'toxiproxy/proxy/proxy.ts'],
    ['somewhere', 'kernel/clock.ts'],
  ])('keep %s from importing %s', (room, target) => {
    expect(mayImport(room, target)).toBe(false)
  })

  it.each([
    ['scenario', 'gateway/config.ts'],
    ['scenario', 'policies/settings.ts'],
    ['cli', 'report/html/page.ts'],
    ['kernel', 'kernel/clock.ts'],
  ])('let %s import %s', (room, target) => {
    expect(mayImport(room, target)).toBe(true)
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

  it('see a cycle, of types too', () => {
    const cyclic = ['a', 'b', 'c'].map((name, at) => parseSource(`src/x/${name}.ts`, `import type { X } from './${'bca'[at]}.ts'`))
    expect(findCycles(cyclic)).toEqual(['src/x/a.ts -> src/x/b.ts -> src/x/c.ts -> src/x/a.ts'])
  })
})

/** A ring for each import that leads back to a file it came from. */
function findCycles(sources: readonly SourceFile[]): string[] {
  const byPath = new Map(sources.map((file) => [file.path, file]))
  const finished = new Set<string>()
  const rings: string[] = []
  const walk = (path: string, trail: string[]): void => {
    if (trail.includes(path)) return void rings.push([...trail.slice(trail.indexOf(path)), path].join(' -> '))
    if (finished.has(path)) return
    for (const { target } of byPath.get(path)?.imports ?? []) if (target !== undefined) walk(target, [...trail, path])
    finished.add(path)
  }
  for (const file of sources) walk(file.path, [])
  return rings
}
