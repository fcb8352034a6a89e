import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { InitPlan } from '../../../src/project/init/init-project.ts'
import { lookAround } from '../../../src/project/init/surroundings.ts'
import { writeProject } from '../../../src/project/init/write-project.ts'

let folder: string
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'gatecrash-init-'))))
afterEach(() => rm(folder, { recursive: true, force: true }))

const plan: InitPlan = {
  files: [
    { name: 'gatecrash.config', ending: '.mts', text: 'config' },
    { name: 'fakes/orders', ending: '.mts', text: 'fake' },
  ],
  script: { name: 'gatecrash', command: 'gatecrash run steady' },
  advice: [],
  next: '',
}
const text = (name: string): Promise<string> => readFile(join(folder, name), 'utf8')
const put = (name: string, content: string): Promise<void> => writeFile(join(folder, name), content)

it('writes the files, the ignore line and the script', async () => {
  await put('package.json', '{\n\t"name": "gw",\n\t"scripts": { "start": "node ." }\n}\n')
  await put('.gitignore', 'node_modules')
  expect(writeProject(folder, plan)).toEqual({
    written: ['gatecrash.config.mts', 'fakes/orders.mts', '.gitignore: reports/', 'package.json: the script gatecrash'],
    left: [],
  })
  expect(await text('fakes/orders.mts')).toBe('fake')
  expect(await text('.gitignore')).toBe('node_modules\nreports/\n')
  expect(await text('package.json')).toBe(
    '{\n\t"name": "gw",\n\t"scripts": {\n\t\t"start": "node .",\n\t\t"gatecrash": "gatecrash run steady"\n\t}\n}\n',
  )
})

it('leaves everything that is there, whatever its ending, and says so', async () => {
  await put('package.json', '{"scripts":{"gatecrash":"mine"}}')
  await put('.gitignore', '/reports\n')
  await put('gatecrash.config.js', 'mine')
  await mkdir(join(folder, 'fakes'))
  await put('fakes/orders.ts', 'mine')
  expect(writeProject(folder, plan)).toEqual({
    written: [],
    left: ['gatecrash.config.js', 'fakes/orders.ts', '.gitignore: reports/', 'package.json: the script gatecrash'],
  })
  expect(await text('package.json')).toBe('{"scripts":{"gatecrash":"mine"}}')
  expect(await text('.gitignore')).toBe('/reports\n')
})

it('writes no script where there is no package', () => {
  expect(writeProject(folder, plan).written).not.toContain('package.json: the script gatecrash')
})

it('sees the package, how it is installed, and its sources, but none of others', async () => {
  await put('package.json', '{"type":"module"}')
  await put('pnpm-lock.yaml', '')
  await put('server.js', 'process.env.ORDERS_URL')
  await put('README.md', 'process.env.NOT_SOURCE')
  await mkdir(join(folder, 'node_modules/x'), { recursive: true })
  await put('node_modules/x/index.js', 'process.env.NOT_MINE')
  expect(lookAround(folder)).toMatchObject({
    manifest: { type: 'module' },
    packageManager: 'pnpm',
    sources: expect.arrayContaining(['process.env.ORDERS_URL']),
  })
  expect(lookAround(folder).sources.join()).not.toMatch(/NOT_/)
})

it('says which package.json it cannot read', async () => {
  await put('package.json', '{')
  expect(() => lookAround(folder)).toThrow(/package\.json: it cannot be read/)
})
