// Looks around in a project, so that `init` need not ask: its package, how it is started, and what its source says of addresses.
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import * as z from 'zod'
import { GatecrashError } from '../../kernel/errors.ts'

export interface Surroundings {
  /** Undefined where there is no package.json. */
  manifest?: Manifest
  packageManager: 'npm' | 'pnpm' | 'yarn'
  /** Names of the files in the folder itself. */
  files: readonly string[]
  /** Names of the files in fakes/. */
  fakes: readonly string[]
  /** The text of source files, in the folder and below. */
  sources: readonly string[]
}

export type Manifest = z.output<typeof manifestSchema>

const manifestSchema = z.looseObject({
  type: z.string().optional(),
  main: z.string().optional(),
  scripts: z.record(z.string(), z.string()).optional(),
})

/** @throws GatecrashError `invalid_config` when package.json cannot be read */
export function lookAround(folder: string): Surroundings {
  const manifest = readManifest(join(folder, 'package.json'))
  const files = readdirSync(folder)
  return {
    ...(manifest && { manifest }),
    packageManager: managerOf(files),
    files,
    fakes: filesIn(join(folder, 'fakes')),
    sources: readSources(folder),
  }
}

function filesIn(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : []
}

function readManifest(file: string): Manifest | undefined {
  if (!existsSync(file)) return undefined
  try {
    return manifestSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch (cause) {
    throw new GatecrashError('invalid_config', `${file}: it cannot be read: ${(cause as Error).message.split('\n')[0]}`, { cause })
  }
}

function managerOf(files: readonly string[]): Surroundings['packageManager'] {
  if (files.includes('pnpm-lock.yaml')) return 'pnpm'
  return files.includes('yarn.lock') ? 'yarn' : 'npm'
}

const SOURCE = /\.(?:[cm]?[jt]sx?|py|go|rb|java|kt|rs|php|cs|ex|exs|conf|ya?ml|toml|template)$/
const OTHERS = new Set(['node_modules', 'vendor', 'dist', 'build', 'target', 'reports', 'fakes', 'scenarios', 'test', 'tests', 'coverage'])
const MOST_FILES = 200
const MOST_BYTES = 200_000
const DEPTH = 4

/** A few hundred files at most, none of them large: what is said of addresses stands in small ones near the top. */
function readSources(folder: string): string[] {
  const texts: string[] = []
  const walk = (at: string, depth: number): void => {
    for (const entry of readdirSync(at, { withFileTypes: true })) {
      if (texts.length >= MOST_FILES) return
      const path = join(at, entry.name)
      if (entry.isDirectory() && depth < DEPTH && !OTHERS.has(entry.name) && !entry.name.startsWith('.')) walk(path, depth + 1)
      else if (entry.isFile() && SOURCE.test(entry.name) && statSync(path).size <= MOST_BYTES) texts.push(readFileSync(path, 'utf8'))
    }
  }
  walk(folder, 0)
  return texts
}
