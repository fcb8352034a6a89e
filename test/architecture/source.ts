// The product's own source, parsed: which file imports which, and where time or chance is taken from the surroundings.
import { globSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { type Program, Visitor, parseSync } from 'oxc-parser'

export const root = join(import.meta.dirname, '..', '..')

export interface Import {
  /** As written. */
  specifier: string
  /** Path from the root for a relative specifier, such as `src/kernel/clock.ts`; undefined for a package. */
  target: string | undefined
  /** Leaves nothing behind when types are stripped. */
  typeOnly: boolean
  line: number
}

export interface SourceFile {
  /** Path from the root. */
  path: string
  lines: number
  imports: Import[]
  /** Uses of ambient time and chance, such as `Date.now:12`. */
  ambient: string[]
}

/** @throws Error when a file does not parse: a file that cannot be read must not pass for one without imports */
export function readSource(pattern: string): SourceFile[] {
  return globSync(pattern, { cwd: root })
    .toSorted()
    .map((path) => parseSource(path, readFileSync(join(root, path), 'utf8')))
}

export function parseSource(path: string, text: string): SourceFile {
  const { program, errors } = parseSync(path, text)
  if (errors[0]) throw new Error(`${path}: ${errors[0].message}`)
  const lineAt = (offset: number): number => text.slice(0, offset).split('\n').length
  return { path, lines: lineAt(text.trimEnd().length), imports: findImports(path, program, lineAt), ambient: findAmbient(program, lineAt) }
}

function findImports(path: string, program: Program, lineAt: (offset: number) => number): Import[] {
  const imports: Import[] = []
  const add = (specifier: unknown, start: number, typeOnly: boolean): void => {
    // `import(url)` with a computed address loads a user's file by path; it names no module of ours.
    if (typeof specifier !== 'string') return
    const target = specifier.startsWith('.') ? relative(root, join(root, dirname(path), specifier)) : undefined
    imports.push({ specifier, target, typeOnly, line: lineAt(start) })
  }
  const allTypes = (kind: string, specifiers: readonly object[]): boolean =>
    specifiers.length > 0 && specifiers.every((one) => kind in one && one[kind as keyof typeof one] === 'type')

  new Visitor({
    ImportDeclaration: (node) => add(node.source.value, node.start, node.importKind === 'type' || allTypes('importKind', node.specifiers)),
    ExportNamedDeclaration: (node) => {
      if (node.source) add(node.source.value, node.start, node.exportKind === 'type' || allTypes('exportKind', node.specifiers))
    },
    ExportAllDeclaration: (node) => add(node.source.value, node.start, node.exportKind === 'type'),
    ImportExpression: (node) => add('value' in node.source ? node.source.value : undefined, node.start, false),
    TSImportType: (node) => add(node.source.value, node.start, true),
  }).visit(program)
  return imports
}

const AMBIENT_GLOBALS = new Set(['setTimeout', 'setInterval', 'setImmediate'])
const AMBIENT_MEMBERS = new Set(['Date.now', 'Math.random', 'performance.now', 'process.hrtime', 'AbortSignal.timeout'])
const AMBIENT_MODULES = new Set(['node:timers', 'node:timers/promises', 'timers', 'timers/promises'])

function findAmbient(program: Program, lineAt: (offset: number) => number): string[] {
  const found: string[] = []
  const report = (name: string, start: number): void => void found.push(`${name}:${lineAt(start)}`)
  // Property names and declared names are not references: `{ setTimeout: 1 }`, `clock.setTimeout()`.
  const names = new Set<number>()
  new Visitor({
    Property: (node) => {
      if (!node.computed && !node.shorthand) names.add(node.key.start)
    },
    MemberExpression: (node) => {
      if (!node.computed) names.add(node.property.start)
      const object = node.object.type === 'Identifier' ? node.object.name : ''
      const property = memberName(node)
      if (AMBIENT_MEMBERS.has(`${object}.${property}`)) report(`${object}.${property}`, node.start)
      if (object === 'globalThis' && AMBIENT_GLOBALS.has(property)) report(property, node.start)
    },
    TSPropertySignature: (node) => names.add(node.key.start),
    TSMethodSignature: (node) => names.add(node.key.start),
    Identifier: (node) => {
      if (AMBIENT_GLOBALS.has(node.name) && !names.has(node.start)) report(node.name, node.start)
    },
    NewExpression: (node) => {
      if (node.callee.type === 'Identifier' && node.callee.name === 'Date' && node.arguments.length === 0) report('new Date()', node.start)
    },
    ImportDeclaration: (node) => {
      if (AMBIENT_MODULES.has(node.source.value)) report(node.source.value, node.start)
    },
  }).visit(program)
  return found
}

function memberName(node: { computed: boolean; property: object }): string {
  if (!node.computed && 'name' in node.property) return String(node.property.name)
  return 'value' in node.property ? String(node.property.value) : ''
}
