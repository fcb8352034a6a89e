// What npm would publish, laid out as `npm install gatecrash` does, without the optional peers.
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core'
import { publint } from 'publint'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import manifest from '../../package.json' with { type: 'json' }

const run = promisify(execFile)
const optional = Object.keys(manifest.peerDependenciesMeta)

// One of everything that a project exports when it shares its fakes and its parts of scenarios.
const exporting = `
import { breaker, claims, criteria, cut, defineUpstream, errorRate, faults, latency, perSecond, phase, reference, request, scenario, serveAlone, status, times, warmUp } from 'gatecrash'
import { serveToxiproxy } from 'gatecrash/toxiproxy'

export const orders = defineUpstream(import.meta, {
  name: 'orders',
  latency: '20ms',
  state: () => new Map<string, number>(),
  routes: { getOrder: { method: 'GET', path: '/orders/{id}', samples: { paths: ['/orders/1'] }, reply: ({ params }, state) => ({ body: { params, size: state.size } }) } },
})
export const gateway = reference({ orders: { breaker: { failures: 3 } } })
export const route = orders.getOrder({ weight: 2 })
export const checkout = request('checkout', { method: 'POST', path: '/checkout', reaches: ['orders'] })
export const load = { rate: perSecond(100), mix: [route, checkout] }
export const phases = [warmUp('3s'), phase('outage', times(2, 1000), status('orders', 503), cut('orders'))]
export const crowd = phase.saturate('10s', { connections: 10 })
export const slow = latency('orders', '1s')
export const broken = cut('orders')
export const killed = faults.killed('gateway')
export const criterion = breaker('orders').opensWithin('1s').of('outage')
export const warning = errorRate().during('steady').below('1%').warn()
export const answers = criteria.answers('orders').intact()
export const claim = claims.survivesOutageOf('orders', { in: 'outage' })
export const serve = () => serveToxiproxy({ port: 0 })
export const alone = () => serveAlone(orders)
export default scenario('all', { story: 'x', upstreams: { orders }, gateway, load, phases: () => phases, claims: [claim], criteria: [criterion] })
`

describe('the package', () => {
  let folder: string
  let installed: string
  let tarball: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gatecrash-package-'))
    installed = join(folder, 'node_modules', 'gatecrash')
    await mkdir(installed, { recursive: true })
    await run('npm', ['pack', '--pack-destination', folder])
    tarball = join(folder, `gatecrash-${manifest.version}.tgz`)
    await run('tar', ['-xzf', tarball, '-C', installed, '--strip-components', '1'])
    for (const name of await readdir('node_modules'))
      if (name !== 'gatecrash' && !name.startsWith('.') && !optional.includes(name))
        await symlink(join(process.cwd(), 'node_modules', name), join(folder, 'node_modules', name))
    // It compiles all of the sources.
  }, 180_000)
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

  it('is laid out as npm, Node and TypeScript expect it', async () => {
    const { messages } = await publint({ pkgDir: installed, strict: true })
    expect(messages).toEqual([])
    const types = await checkPackage(createPackageFromTarballData(await readFile(tarball)))
    if (!types.types) throw new Error('the package has no types')
    expect(Object.keys(types.entrypoints)).toHaveLength(Object.keys(manifest.exports).length)
    // It is an ES module, which CommonJS may `require` in every Node that it runs on; TypeScript's oldest resolution knows no exports.
    const unsupported: ReadonlySet<string> = new Set(['node10', 'node16-cjs'])
    expect(types.problems.filter((problem) => !('resolutionKind' in problem && unsupported.has(problem.resolutionKind)))).toEqual([])
  })

  it('is imported by its name', async () => {
    expect(
      await said(`const { scenario, defineUpstream } = await import('gatecrash'); console.log(typeof scenario, typeof defineUpstream)`),
    ).toBe('function function')
  })

  it('is required by its name', async () => {
    const { stdout } = await run(process.execPath, ['-p', `typeof require('gatecrash').scenario`], { cwd: folder })
    expect(stdout.trim()).toBe('function')
  })

  it('lets a project that publishes declarations name the types of what it exports', async () => {
    await writeFile(join(folder, 'project.mts'), exporting)
    const flags = '--module nodenext --target esnext --types node --strict --exactOptionalPropertyTypes --declaration --outDir types'
    const compiled = run(join(process.cwd(), 'node_modules/.bin/tsc'), [...flags.split(' '), 'project.mts'], { cwd: folder })
    const { stdout } = await compiled.catch((error: { stdout: string }) => error)
    expect(stdout).toBe('')
    const declared = await readFile(join(folder, 'types/project.d.mts'), 'utf8')
    expect(declared).toContain('export declare const orders: ')
    expect(declared).not.toMatch(/any;|gatecrash\/dist/)
  })

  it('brings scenarios and their fakes, compiled', async () => {
    const command = (...args: string[]) => run(process.execPath, [join(installed, manifest.bin.gatecrash), ...args], { cwd: folder })
    expect((await command('list')).stdout).toMatch(/^generic-outage +never run +package +An upstream answers 503 /m)
    const { stdout } = await command('show', 'generic-outage', '--json')
    expect(JSON.parse(stdout)).toMatchObject({
      source: 'node_modules/gatecrash/dist/scenarios/generic-outage.js',
      upstreams: { gemini: { module: 'node_modules/gatecrash/dist/fake-upstreams/gemini.js', export: 'gemini' } },
    })
  })

  it('starts a project with init, and plans its first story', async () => {
    const project = join(folder, 'project')
    await mkdir(project)
    await writeFile(join(project, 'package.json'), '{ "type": "commonjs" }')
    await writeFile(join(project, 'server.js'), `process.env.ORDERS_URL; '/health'`)
    const command = (...args: string[]) => run(process.execPath, [join(installed, manifest.bin.gatecrash), ...args], { cwd: project })
    await expect(command('init')).rejects.toMatchObject({ code: 64, stderr: expect.stringContaining('--upstreams orders') as string })
    const description = join(process.cwd(), 'test/project/init/openapi/fixtures/payments.swagger.json')
    const { stderr } = await command('init', '--upstreams', 'orders,payments', '--openapi', `payments=${description}`)
    expect(stderr).toMatch(/wrote {2}gatecrash\.config\.mts\n.*npx gatecrash run orders-outage/s)
    expect((await command('init', '--upstreams', 'orders,payments')).stderr).not.toContain('wrote')
    const { stdout } = await command('show', 'orders-outage', '--json')
    expect(JSON.parse(stdout)).toMatchObject({ scenario: 'orders-outage', upstreams: { orders: {}, payments: {} } })
    await rm(project, { recursive: true })
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

  it.each(['msw', 'vitest'])('says how to install the optional peer %s where it is needed', async (name) => {
    expect(await said(`await import('gatecrash/${name}').catch((error) => console.log(error.message))`)).toBe(
      `gatecrash/${name} needs the package ${name}: npm install --save-dev ${name}`,
    )
  })

  it('plays and judges from a program, and puts policies around a function', async () => {
    const script = `
      const { runScenario } = await import('gatecrash/run')
      const { protect } = await import('gatecrash/policies')
      await runScenario('stedy').catch(({ code }) => console.log(code))
      console.log(await protect('orders', { breaker: { failures: 3 } }, async () => 'asked')())`
    expect(await said(script)).toBe('usage\nasked')
  })
})
