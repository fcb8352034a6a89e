// The package managers and the Nodes of the matrix, from the registry into .cache/package-matrix. What cannot be had is skipped, with the reason.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

export const CACHE = resolve('.cache/package-matrix')

export interface Manager {
  name: string
  /** Installs the package of a tarball, in the project's folder. */
  add: (tarball: string) => string[]
  /** Runs the program of the package; the arguments follow. */
  exec: string[]
  /** Beside package.json: what tells it how to install. */
  files?: Record<string, string>
}

const program = (tool: string, file: string): string => join(CACHE, tool, 'node_modules', file)

const wanted: { tool: string; packages: string[]; managers: Manager[] }[] = [
  {
    tool: 'npm',
    packages: [],
    managers: [{ name: 'npm', add: (tarball) => ['npm', 'install', '--save-dev', tarball], exec: ['npx', 'gatecrash'] }],
  },
  {
    tool: 'pnpm',
    packages: ['pnpm@12.21.0'],
    managers: [fromRegistry('pnpm', program('pnpm', '.bin/pnpm'))],
  },
  {
    tool: 'yarn-1',
    packages: ['yarn@1.22.22'],
    managers: [
      { ...fromRegistry('yarn 1', program('yarn-1', '.bin/yarn')), exec: [program('yarn-1', '.bin/yarn'), '--silent', 'gatecrash'] },
    ],
  },
  {
    tool: 'yarn-4',
    packages: ['@yarnpkg/cli-dist@4.18.1'],
    // Not Plug'n'Play (linker pnp): htm/preact, which draws the report, does not declare that it needs preact, and is refused there.
    managers: ['node-modules'].map((linker) => {
      const yarn = ['node', program('yarn-4', '@yarnpkg/cli-dist/bin/yarn.js')]
      const settings = `nodeLinker: ${linker}\nenableGlobalCache: false\nenableTelemetry: false\nenableScripts: false\n`
      return {
        name: `yarn 4 ${linker}`,
        add: (tarball) => [...yarn, 'add', '--dev', `gatecrash@file:${tarball}`],
        exec: [...yarn, 'run', 'gatecrash'],
        files: { '.yarnrc.yml': settings, 'yarn.lock': '' },
      }
    }),
  },
]

function fromRegistry(name: string, path: string): Manager {
  return {
    name,
    add: (tarball) =>
      [path, 'add', '--save-dev', tarball].map((word) => (name.startsWith('yarn') && word === '--save-dev' ? '--dev' : word)),
    exec: [path, 'exec', 'gatecrash'],
  }
}

/** Those that can be had; `skipped` is told of the others. */
export function managers(skipped: (what: string, why: string) => void): Manager[] {
  return wanted.flatMap(({ tool, packages, managers: offered }) => {
    const problem = packages.length === 0 ? undefined : install(tool, packages)
    if (problem !== undefined) skipped(tool, problem)
    return problem === undefined ? offered : []
  })
}

export interface Node {
  version: string
  /** The folder of the program. */
  bin: string
}

/** The Node that runs this, and the oldest that the package is for. */
export function nodes(skipped: (what: string, why: string) => void): Node[] {
  const problem = install('node-24', ['node@24'])
  if (problem !== undefined) skipped('Node 24', problem)
  const bins = [...(problem === undefined ? [program('node-24', '.bin')] : []), join(process.execPath, '..')]
  return bins.map((bin) => {
    const { stdout } = spawnSync(join(bin, 'node'), ['--version'], { encoding: 'utf8' })
    return { version: stdout.trim(), bin }
  })
}

/** Returns what went wrong. */
function install(tool: string, packages: string[]): string | undefined {
  const folder = join(CACHE, tool)
  if (existsSync(join(folder, 'node_modules/.package-lock.json'))) return undefined
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{ "private": true }')
  const { status, stderr, error } = spawnSync('npm', ['install', '--no-audit', '--no-fund', ...packages], {
    cwd: folder,
    encoding: 'utf8',
    timeout: 300_000,
  })
  if (error) return error.message
  return status === 0 ? undefined : (stderr.trim().split('\n')[0] ?? 'npm install failed')
}
