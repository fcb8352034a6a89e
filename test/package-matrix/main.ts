// `npm run matrix [-- manager…]` installs what npm would publish, with each package manager, in a project of ES modules and one of CommonJS, and
// plays its scenarios with the oldest Node that it is for and with the newest.
//
//   pnpm             commonjs  78 packages  41 MB  v24.21.0  typed pass, plain pass
//
// Exit code 1 when one does not pass. What cannot be had is skipped, with the reason.
import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import manifest from '../../package.json' with { type: 'json' }
import { type ProjectKind, projectKinds } from './projects.ts'
import { type Manager, type Node, managers, nodes } from './tools.ts'

const skipped = (what: string, why: string): void => console.log(`skipped: ${what}: ${why}`)
const folder = mkdtempSync(join(tmpdir(), 'gatecrash-matrix-'))
process.on('exit', () => rmSync(folder, { recursive: true, force: true }))

const { status, stderr } = spawnSync('npm', ['pack', '--pack-destination', folder], { encoding: 'utf8' })
if (status !== 0) throw new Error(`npm pack: ${stderr}`)
rmSync('dist', { recursive: true, force: true })
const tarball = join(folder, `gatecrash-${manifest.version}.tgz`)
const available = nodes(skipped)

const asked = process.argv.slice(2)
for (const manager of managers(skipped).filter(({ name }) => asked.length === 0 || asked.includes(name)))
  for (const kind of projectKinds) await tryProject(manager, kind)

async function tryProject(manager: Manager, kind: ProjectKind): Promise<void> {
  const project = mkdtempSync(join(folder, 'project-'))
  const own = { 'package.json': JSON.stringify({ name: 'project', private: true, type: kind.type }) }
  for (const [file, content] of Object.entries({ ...own, ...manager.files, ...kind.files })) {
    mkdirSync(dirname(join(project, file)), { recursive: true })
    writeFileSync(join(project, file), content)
  }
  const row = `${manager.name.padEnd(19)} ${kind.type.padEnd(9)}`
  const added = await run(manager.add(tarball), project)
  if (added.code !== 0) return fail(row, `not installed: ${added.output}`)
  const { packages, megabytes } = installedIn(project)
  for (const node of available) {
    const results: string[] = []
    for (const scenario of kind.scenarios) results.push(`${scenario} ${await played(manager, node, scenario, project)}`)
    const told = `${String(packages).padStart(4)} packages ${String(megabytes).padStart(4)} MB  ${node.version}  ${results.join(', ')}`
    if (results.every((result) => result.endsWith(' pass'))) console.log(`${row} ${told}`)
    else fail(row, told)
  }
  rmSync(project, { recursive: true, force: true })
}

async function played(manager: Manager, node: Node, scenario: string, project: string): Promise<string> {
  const list = await run([...manager.exec, 'list'], project, node)
  if (!new RegExp(`^${scenario} .* scenarios/ `, 'm').test(list.output)) return `is not listed: ${list.output}`
  if (!/^generic-outage .* package /m.test(list.output)) return `the package brings no scenarios: ${list.output}`
  const { code, output } = await run([...manager.exec, 'run', scenario, '--gateway', 'node gateway.mjs'], project, node)
  return code === 0 ? 'pass' : `exit code ${code}: ${output}`
}

function fail(row: string, told: string): void {
  console.log(`${row} ${told}`)
  process.exitCode = 1
}

/** With `node` first on the path, as where it is the one that is installed. */
async function run([program = '', ...args]: string[], cwd: string, node?: Node): Promise<{ code: number | null; output: string }> {
  const path = node === undefined ? process.env['PATH'] : `${node.bin}:${process.env['PATH']}`
  const child = spawn(program, args, { cwd, env: { ...process.env, PATH: path, NO_COLOR: '1' }, stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve).once('error', () => resolve(null)))
  const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), ended])
  return { code, output: `${out}${err}`.trim() }
}

/** All that an installation left: node_modules, and the cache that takes its place in Plug'n'Play. */
function installedIn(project: string): { packages: number; megabytes: number } {
  const { stdout } = spawnSync('du', ['-sm', project], { encoding: 'utf8' })
  const files = readdirSync(project, { recursive: true, encoding: 'utf8' })
  const named = files.flatMap((file) => {
    const [, name] = /(?:^|.*\/)node_modules\/((?:@[^/]+\/)?[^/.@][^/]*)\/package\.json$/.exec(file) ?? []
    const [, zipped] = /^\.yarn\/cache\/(.+)-[0-9a-f]+-[0-9a-f]+\.zip$/.exec(file) ?? []
    return name ?? zipped ?? []
  })
  return { packages: new Set(named).size, megabytes: Number.parseInt(stdout, 10) }
}
