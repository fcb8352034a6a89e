import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { findConfig } from '../../src/project/find-config.ts'
import { loadProject } from '../../src/project/load-project.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'project-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const write = async (name: string, text: string): Promise<string> => {
  const file = join(folder, name)
  await mkdir(join(file, '..'), { recursive: true })
  await writeFile(file, text)
  return file
}
const load = () => loadProject(folder, () => {})

it.each(['ts', 'mts', 'js', 'mjs'])('finds gatecrash.config.%s', async (ending) => {
  await write('package.json', '{"type":"module"}')
  expect(findConfig(folder)).toBeUndefined()
  const file = await write(`gatecrash.config.${ending}`, 'export default {}')
  expect(findConfig(folder)).toBe(file)
})

it('looks upwards to the nearest package.json, and no higher', async () => {
  const above = await write('gatecrash.config.mjs', 'export default {}')
  await write('package.json', '{}')
  await write('packages/gateway/test/x.ts', '')
  const inside = join(folder, 'packages', 'gateway', 'test')
  expect(findConfig(inside)).toBe(above)
  await write('packages/gateway/package.json', '{}')
  expect(findConfig(inside)).toBeUndefined()
})

it('looks in the folder alone where no package.json is above it', async () => {
  const file = await write('gatecrash.config.mjs', 'export default {}')
  await mkdir(join(folder, 'inner'))
  expect(findConfig(folder)).toBe(file)
  expect(findConfig(join(folder, 'inner'))).toBeUndefined()
})

it('refuses two configs in one folder', async () => {
  await write('gatecrash.config.mjs', 'export default {}')
  await write('gatecrash.config.ts', 'export default {}')
  await expect(load()).rejects.toMatchObject({
    code: 'invalid_config',
    message: expect.stringContaining('gatecrash.config.ts, gatecrash.config.mjs') as string,
  })
})

it.each([
  ['a number', 'export default 3', 'its default export must be what defineConfig({ … }) returns, got 3'],
  ['a list', 'export default []', 'got []'],
  ['nothing', 'export const config = {}', 'there is none'],
  ['a promise', 'export default Promise.resolve({})', 'it is a promise: await it'],
])('refuses a config that exports %s', async (_, text, told) => {
  await write('gatecrash.config.mjs', text)
  await expect(load()).rejects.toMatchObject({ code: 'invalid_config', message: expect.stringContaining(told) as string })
})

it.each([
  ['throws', '\nthrow new Error("no database")', 'gatecrash.config.mjs:2 could not be loaded: Error: no database'],
  [
    'imports what is not there',
    "import { orders } from './fakes/orders.mjs'\nexport default { upstreams: { orders } }",
    'gatecrash.config.mjs:1 could not be loaded',
  ],
  ['ends the process', 'process.exit(0)', 'it calls process.exit(0)'],
  [
    'is a proxy that throws',
    'export default new Proxy({}, { get() { throw new Error("no") }, ownKeys() { throw new Error("no") } })',
    'could not be loaded: Error: no',
  ],
])('tells the place of a config that %s', async (_, text, told) => {
  await write('gatecrash.config.mjs', text)
  await expect(load()).rejects.toMatchObject({ message: expect.stringContaining(told) as string })
})

it('runs a config that is written in TypeScript, with its fakes', async () => {
  await write('package.json', '{"type":"module"}')
  await write(
    'fakes/orders.ts',
    `import { defineUpstream } from ${JSON.stringify(resolve('src/index.ts'))}
export const orders = defineUpstream(import.meta, { name: 'orders', latency: '1ms', routes: { list: { method: 'GET', path: '/orders', reply: () => ({ body: [] }) } } })`,
  )
  await write(
    'gatecrash.config.ts',
    `import { defineConfig } from ${JSON.stringify(resolve('src/index.ts'))}
import { orders } from './fakes/orders.ts'
export default defineConfig({ gateway: 'node server.js', upstreams: { orders }, rate: 50 as number })`,
  )
  const project = await load()
  expect(project?.system?.upstreams['orders']).toMatchObject({ name: 'orders', module: join(folder, 'fakes', 'orders.ts') })
  expect(project?.gateway?.setup.folder).toBe(folder)
})
