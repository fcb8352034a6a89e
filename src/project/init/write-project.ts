// Writes what `init` planned. Nothing that is there is written over: it is left, and said to be.
import { appendFileSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { type InitPlan, type ProjectFile, isNamed } from './init-project.ts'

export interface Written {
  /** Relative to the project, as they are said. */
  written: string[]
  left: string[]
}

export function writeProject(folder: string, { files, script }: InitPlan): Written {
  const written: string[] = []
  const left: string[] = []
  for (const file of files) {
    const there = thereAs(folder, file)
    if (there === undefined) {
      mkdirSync(join(folder, dirname(file.name)), { recursive: true })
      // Another process may have written it a moment ago.
      writeFileSync(join(folder, file.name + file.ending), file.text, { flag: 'wx' })
      written.push(file.name + file.ending)
    } else left.push(there)
  }
  for (const change of [addIgnoreLine(folder), addScript(folder, script)]) if (change) (change.isNew ? written : left).push(change.what)
  return { written, left }
}

/** A file of that name that a project has already, whatever its ending. */
function thereAs(folder: string, { name }: ProjectFile): string | undefined {
  const at = join(folder, dirname(name))
  if (!existsSync(at)) return undefined
  const found = readdirSync(at).find((entry) => isNamed(entry, basename(name)))
  return found && join(dirname(name), found)
}

interface Change {
  what: string
  isNew: boolean
}

function addIgnoreLine(folder: string): Change {
  const file = join(folder, '.gitignore')
  const text = existsSync(file) ? readFileSync(file, 'utf8') : ''
  if (/^\/?reports\/?\s*$/m.test(text)) return { what: '.gitignore: reports/', isNew: false }
  appendFileSync(file, `${text === '' || text.endsWith('\n') ? '' : '\n'}reports/\n`)
  return { what: '.gitignore: reports/', isNew: true }
}

/** Undefined where there is no package.json. Indentation and the last line are kept as they are. */
function addScript(folder: string, { name, command }: InitPlan['script']): Change | undefined {
  const file = join(folder, 'package.json')
  if (!existsSync(file)) return undefined
  const text = readFileSync(file, 'utf8')
  const manifest = JSON.parse(text) as { scripts?: Record<string, string> }
  const what = `package.json: the script ${name}`
  if (manifest.scripts && Object.hasOwn(manifest.scripts, name)) return { what, isNew: false }
  const indent = /^\{\r?\n(\s+)"/.exec(text)?.[1] ?? '  '
  writeFileSync(
    file,
    JSON.stringify({ ...manifest, scripts: { ...manifest.scripts, [name]: command } }, null, indent) + (text.endsWith('\n') ? '\n' : ''),
  )
  return { what, isNew: true }
}
