// What npm would publish, laid out as `npm install gatecrash` does, without the optional peers.
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import manifest from '../../package.json' with { type: 'json' }

const run = promisify(execFile)
const optional = Object.keys(manifest.peerDependenciesMeta)

describe('the package', () => {
  let folder: string
  let installed: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gatecrash-package-'))
    installed = join(folder, 'node_modules', 'gatecrash')
    await mkdir(installed, { recursive: true })
    await run('npm', ['pack', '--pack-destination', folder])
    await run('tar', ['-xzf', join(folder, `gatecrash-${manifest.version}.tgz`), '-C', installed, '--strip-components', '1'])
    for (const name of await readdir('node_modules'))
      if (name !== 'gatecrash' && !name.startsWith('.') && !optional.includes(name))
        await symlink(join(process.cwd(), 'node_modules', name), join(folder, 'node_modules', name))
  })
  afterAll(async () => {
    await rm(folder, { recursive: true, force: true })
    // Left behind, it would count as source where unused code is looked for.
    await rm('dist', { recursive: true, force: true })
  })

  /** What a script in a project that has the package prints. */
  const said = async (script: string): Promise<string> => {
    const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script], { cwd: folder })
    return stdout.trim()
  }

  it('has every file that it exports', () => {
    const targets = [...Object.values(manifest.exports).flatMap((target) => Object.values(target)), ...Object.values(manifest.bin)]
    expect(targets.length).toBeGreaterThan(3)
    expect(targets.filter((target) => !existsSync(join(installed, target)))).toEqual([])
  })

  it('is imported by its name', async () => {
    expect(
      await said(`const { scenario, defineUpstream } = await import('gatecrash'); console.log(typeof scenario, typeof defineUpstream)`),
    ).toBe('function function')
  })

  it('brings the style sheets of the report', async () => {
    const page = join(installed, 'dist/src/report/html/style-sheet.js')
    expect(await said(`const { styleSheet } = await import(${JSON.stringify(page)}); console.log(styleSheet.includes('.strip'))`)).toBe(
      'true',
    )
  })

  it('runs its command', async () => {
    const { stdout } = await run(process.execPath, [join(installed, manifest.bin.gatecrash), '--version'], { cwd: folder })
    expect(stdout.trim()).toBe(manifest.version)
  })

  it('serves Toxiproxy inside a process of its user', async () => {
    const script = `
      const { serveToxiproxy } = await import('gatecrash/toxiproxy')
      await using server = await serveToxiproxy({ port: 0 })
      console.log(await (await fetch(server.url + '/version')).text())`
    expect(await said(script)).toContain('"version"')
  })

  it('says how to install an optional peer where one is needed', async () => {
    expect(await said(`await import('gatecrash/msw').catch((error) => console.log(error.message))`)).toBe(
      'gatecrash/msw needs the package msw: npm install --save-dev msw',
    )
  })
})
